package shallows.data.folder;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import shallows.data.folder.ImageListing.Labelled;
import shallows.data.folder.ImageListing.Part;

/**
 * A folder or a table that says itself which of its pictures are there to test on, listed without
 * opening one: one that is missing or does not decode is refused when its pixels are asked for
 * ({@link ListedImages#images()}).
 *
 * @param train to train on
 * @param test to test on
 */
public record ListedSet(ListedImages train, ListedImages test) {
  /**
   * @param path a folder, or a table
   * @param name of the data set, as a report says it
   * @param channels of the images, 1 or 3
   * @param size height and width that each is brought to
   * @return empty where test images are yet to be chosen among all that decode
   * @throws shallows.model.BadInputException when the folder cannot be read or its classes do not
   *     make a task
   */
  public static Optional<ListedSet> of(Path path, String name, int channels, int size) {
    ImageListing listing = ImageListing.of(path);
    if (!listing.parts().containsKey(Part.TEST)) {
      return Optional.empty();
    }
    return Optional.of(
        new ListedSet(
            part(listing, Part.TRAIN, name + " train", channels, size),
            part(listing, Part.TEST, name + " test", channels, size)));
  }

  private static ListedImages part(
      ImageListing listing, Part part, String name, int channels, int size) {
    List<Labelled> files = listing.parts().get(part);
    return new ListedImages(
        name,
        listing.root().toString(),
        listing.classes(),
        channels,
        size,
        size,
        files.stream().map(file -> listing.source(file.file())).toList(),
        files.stream().map(Labelled::label).toList());
  }
}
