package shallows.pipeline.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.NamedPixels;
import shallows.data.PixelsInMemory;
import shallows.data.decode.ImageDecoder;
import shallows.data.decode.ImagePixels;
import shallows.data.folder.BrokenImagesException.Broken;
import shallows.export.runtime.ModelFile;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;

/**
 * Pictures that nobody has said anything of, as a network takes them.
 *
 * @param image what it takes, {@code (C, H, W)}
 * @param files that decode, in the order of their names
 * @param pixels of these one after the other, {@code (H, W, C)} each
 * @param broken those that do not decode
 * @param found how many pictures there are, those included that were not read
 */
public record UnlabelledPictures(
    Shape image, List<Path> files, byte[] pixels, List<Broken> broken, int found) {

  /**
   * Reads them.
   *
   * @param named a folder or a list
   * @param most to read; of more, every n-th
   * @throws BadInputException when there are none, or they are too large together
   */
  public static UnlabelledPictures read(Path named, Shape image, int most, Progress progress) {
    List<Path> all = PictureArguments.pictures(named);
    int count = Math.min(most, all.size());
    List<Path> some =
        IntStream.range(0, count)
            .mapToObj(i -> all.get((int) ((long) i * all.size() / count)))
            .toList();
    int channels = image.dimension(0);
    int height = image.dimension(1);
    int width = image.dimension(2);
    byte[] pixels = ImagePixels.room(named, count, channels, height, width);
    BadInputException[] failures = new BadInputException[count];
    progress.start("read images", count);
    try {
      IntStream.range(0, count)
          .parallel()
          .forEach(
              i -> {
                try {
                  byte[] decoded = ImageDecoder.decode(some.get(i), channels, height, width);
                  System.arraycopy(decoded, 0, pixels, i * image.size(), image.size());
                } catch (BadInputException e) {
                  failures[i] = e;
                }
                progress.advance(1, count + " images");
              });
    } finally {
      progress.finish();
    }
    List<Path> files = new ArrayList<>();
    List<Broken> broken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (failures[i] == null) {
        System.arraycopy(
            pixels, i * image.size(), pixels, files.size() * image.size(), image.size());
        files.add(some.get(i));
      } else {
        broken.add(new Broken(some.get(i).toString(), failures[i]));
      }
    }
    return new UnlabelledPictures(image, files, pixels, broken, all.size());
  }

  /**
   * With classes that they did not bring.
   *
   * @param name as a report says it
   * @param labels of all classes
   * @param classes one a file
   */
  public LabelledImages labelled(String name, List<String> labels, int[] classes) {
    return new LabelledImages(
        name,
        labels,
        image.dimension(0),
        image.dimension(1),
        image.dimension(2),
        new NamedPixels(new PixelsInMemory(pixels, image.size()), i -> files.get(i).toString()),
        classes);
  }

  /**
   * What the outputs of a network are called where nobody says it: the names that other tools left
   * in the file, else numbers.
   */
  public static List<String> labels(Path network, int outputs) {
    return OnnxReader.labels(ModelFile.read(network), network.toString(), outputs)
        .orElseGet(() -> Task.unnamed(outputs, 1).labels());
  }
}
