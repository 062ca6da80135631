package shallows.data.sets;

import java.util.List;
import shallows.data.download.Checksum;
import shallows.data.download.RemoteFile;
import shallows.data.format.CifarFormat;

/**
 * CIFAR-100 (Krizhevsky 2009): colour images, 32x32, a hundred classes (the fine labels), in the
 * authors' binary form.
 */
final class Cifar100 {
  private static final String ARCHIVE = "cifar-100-binary.tar.gz";

  static final CifarFormat FORMAT =
      new CifarFormat(
          ARCHIVE,
          "cifar-100-binary",
          List.of(List.of("train.bin")),
          "test.bin",
          2,
          List.of(
              """
              apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus
              butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach
              couch crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster
              house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree
              motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear
              pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road
              rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
              sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip
              turtle wardrobe whale willow_tree wolf woman worm
              """
                  .strip()
                  .split("\\s+")));

  static final PublishedDataSet DATA =
      new PublishedDataSet(
          "cifar-100",
          "CIFAR-100",
          "CIFAR-100 by Krizhevsky, Nair and Hinton",
          FORMAT,
          List.of(),
          List.of(
              List.of(
                  RemoteFile.in(
                      "https://www.cs.toronto.edu/~kriz/",
                      ARCHIVE,
                      Checksum.md5("03b5dce01913d631647c71ecec9e9cb8")))));

  private Cifar100() {}
}
