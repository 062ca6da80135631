package shallows.data.format;

import java.nio.file.Path;
import shallows.data.DataSet;

/** A way in which the images of a data set lie in the files of a folder. */
public interface DataFormat {
  /** Whether a folder holds files of this format, perhaps not all of them. */
  boolean isIn(Path folder);

  /**
   * @param name of the data set, as a report says it
   * @param spec opens the same data again
   * @throws shallows.model.BadInputException when a file is missing, damaged or does not fit
   */
  DataSet read(Path folder, String name, String spec);
}
