import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The built jars as modules: each has the name that its manifest gives it, and no package lies in
 * two of them or, under the name of one of ours, outside of that.
 */
final class Jars {
  private Jars() {}

  public static void main(String[] jars) {
    Map<String, String> packages = new HashMap<>();
    for (String jar : jars) {
      Path path = Path.of(jar);
      String expected = path.getFileName().toString().replaceFirst("\\.jar$", "").replace('-', '.');
      ModuleDescriptor found = ModuleFinder.of(path).findAll().iterator().next().descriptor();
      require(found.name().equals(expected), jar + " is the module " + found.name());
      for (String name : found.packages()) {
        require((name + ".").startsWith(expected + "."), jar + " has the package " + name);
        String other = packages.put(name, jar);
        require(other == null, name + " is in " + other + " and in " + jar);
      }
    }
    System.out.println(
        packages.size()
            + " packages in "
            + Arrays.stream(jars)
                .map(jar -> Path.of(jar).getFileName().toString())
                .collect(Collectors.joining(", ")));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      System.err.println(otherwise);
      System.exit(1);
    }
  }
}
