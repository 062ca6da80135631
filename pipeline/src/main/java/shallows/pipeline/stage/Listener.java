package shallows.pipeline.stage;

/** Hears what the stages have to say. */
public interface Listener {
  /** A stage has come to its end. */
  void result(String line);

  /** Something that a person should know although the work goes on. */
  void remark(String line);
}
