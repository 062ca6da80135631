package shallows.model.network;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;

/** The architectures that can be asked for by name. */
public final class Networks {
  private static final List<Architecture> ARCHITECTURES =
      List.of(
          new CifarResnet(),
          new PreactivationResnet(),
          new WideResnet(),
          new DenseNet(),
          new BottleneckResnet(),
          new MobilenetV2(),
          new FractionalMaxPooling());

  /** ImageNet's, under the name that the field calls it. */
  private static final Pattern IMAGENET = Pattern.compile("resnet-?(50|101|152)(?!\\d).*");

  private Networks() {}

  /**
   * What should be said of a name that other people give another network; empty for most.
   *
   * @param name that {@link #create} knows or does not
   */
  public static Optional<String> remark(String name) {
    Matcher matcher = IMAGENET.matcher(name.toLowerCase(Locale.ROOT));
    return matcher.matches()
        ? Optional.of(
            "ImageNet's ResNet-" + matcher.group(1) + " is bottleneck-" + matcher.group(1))
        : Optional.empty();
  }

  /**
   * Builds a network with fresh weights.
   *
   * @param name for example {@code resnet-32-s2}
   * @param image shape {@code (C, H, W)} of the input
   * @param task its classes are as many as the network gets logits
   * @param seed of the weights
   * @throws BadInputException when no architecture knows the name, or the image is too small
   */
  public static Graph create(String name, Shape image, Task task, long seed) {
    for (Architecture architecture : ARCHITECTURES) {
      Matcher matcher = architecture.names().matcher(name);
      if (matcher.matches()) {
        Optional<Graph> graph = architecture.create(new AskedNetwork(matcher, image, task, seed));
        if (graph.isPresent()) {
          return graph.get();
        }
      }
    }
    throw new BadInputException(
        Phrase.of("%s '%s'", Setting.NETWORK, name),
        "one of "
            + ARCHITECTURES.stream().map(Architecture::pattern).collect(Collectors.joining(", ")),
        "none of them",
        remark(name).orElse(null));
  }
}
