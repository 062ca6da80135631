package shallows.data;

/** What lies among pictures and is none, or is none of theirs. */
public enum LeftOut {
  /** What systems leave, and what is hidden. */
  SYSTEM("file of the system", "files of the system"),
  TEXT("text", "texts"),
  VIDEO("video", "videos"),
  ARCHIVE("archive", "archives"),
  OTHER("other file", "other files"),
  /** A picture that lies in no folder of a class. */
  NO_CLASS("picture outside the class folders", "pictures outside the class folders"),
  /** A link to a folder that it lies in. */
  CIRCLE("link in a circle", "links in a circle");

  private final String one;
  private final String many;

  LeftOut(String one, String many) {
    this.one = one;
    this.many = many;
  }

  /** For example {@code "3 videos"}. */
  public String words(int count) {
    return count + " " + (count == 1 ? one : many);
  }
}
