package shallows.export;

import java.nio.file.Path;
import java.util.Optional;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.model.graph.Graph;

/**
 * What is done to a pruned network between its calibration and the writing of its files of
 * integers. Training is not up to this module, so it is handed in.
 */
@FunctionalInterface
public interface Int8Tuning {
  /** Leaves every network as it is. */
  Int8Tuning NONE = (name, floats, calibrated, folder) -> Optional.empty();

  /**
   * @param name what the names of the files begin with
   * @param floats the network, folded, before anything is rounded
   * @param calibrated the network and how it will be rounded
   * @param folder for what the tuning leaves beside the files; may not exist yet
   * @return the calibrated graph with other parameters, to be written with the same scales; empty
   *     where it stays as it is
   */
  Optional<Graph> tune(String name, Graph floats, Calibrated calibrated, Path folder);
}
