package shallows.pipeline.measure;

import java.nio.file.Path;
import java.util.List;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;

/** Images as a network that was brought along has them: its channels, and classes that it tells. */
public final class FittedClasses {
  private static final Phrase LABELS =
      Phrase.of(
          "%s FILE, a line for each output with the name of its class folder", Setting.LABELS);

  private FittedClasses() {}

  /**
   * @param file of the network
   * @param channels that it takes
   * @param where the images are, for the message
   * @throws BadInputException when the images have other channels
   */
  public static void requireChannels(Path file, int channels, LabelledImages images, String where) {
    // A network of colours sees grey as a colour like any other; one of grey was not asked whether
    // colours matter. Of two or of four channels there are no images.
    if (images.channels() != channels && !(images.channels() == 1 && channels == 3)) {
      throw new BadInputException(
          where,
          "images of "
              + channels
              + (channels == 1 ? " channel (grey), as " : " channels, as ")
              + file.getFileName()
              + " takes",
          images.channels(),
          Phrase.of("give %s of the same kind", Setting.DATA));
    }
  }

  /**
   * @param file of the network
   * @param outputs how many it has
   * @param labels of these, null where they are the class folders in their order
   * @param classes of the images
   * @param where these are, for the message
   * @throws BadInputException when classes of the images are none of the network's
   */
  public static void requireClasses(
      Path file, int outputs, List<String> labels, List<String> classes, String where) {
    if (outputs == 1) {
      throw new BadInputException(
          file,
          "a network with an output for each class",
          "one number, as where a Sigmoid tells two classes apart",
          "export it with two outputs, 0 and what goes into that Sigmoid, of which a softmax makes"
              + " the same probabilities");
    }
    if (labels == null) {
      if (classes.size() != outputs) {
        throw new BadInputException(
            where,
            "a class for each of the " + outputs + " outputs of " + file.getFileName(),
            classes.size() + " classes",
            Phrase.of("give %s", LABELS));
      }
      return;
    }
    List<String> unknown = classes.stream().filter(name -> !labels.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new BadInputException(
          where,
          "classes that " + file.getFileName() + " tells apart",
          unknown.size() + " others, for example '" + unknown.get(0) + "'",
          Phrase.of("rename the class folders, or give %s", LABELS));
    }
  }
}
