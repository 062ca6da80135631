package shallows.apk;

import com.android.tools.r8.ArchiveProgramResourceProvider;
import com.android.tools.r8.CompilationFailedException;
import com.android.tools.r8.CompilationMode;
import com.android.tools.r8.D8;
import com.android.tools.r8.D8Command;
import com.android.tools.r8.JdkClassFileProvider;
import com.android.tools.r8.OutputMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Everything of the APK that does not depend on a run: manifest and resources, the dex of the app
 * and of its libraries, native libraries, and the properties by which javacpp finds those.
 */
public final class Template {
  /**
   * What javacpp uses to compile C++, which no phone does: it refers to Maven and to the desktop's
   * Java. Its loader needs the logger, and its annotations name classes that are told what to
   * compile.
   */
  private static final Predicate<String> COMPILER =
      name ->
          name.startsWith("org/bytedeco/javacpp/tools/")
              && !name.matches(
                  ".*/tools/(Logger|Slf4jLogger|Info|InfoMap|InfoMapper|BuildEnabled)[.]class");

  private Template() {}

  /**
   * @param args the linked resources, the jar of Android's classes, the app's classes, the template
   *     to write, and then the libraries: jars of classes and jars of native libraries
   */
  public static void main(String[] args) throws IOException, CompilationFailedException {
    if (args.length < 5) {
      throw new IllegalArgumentException(
          "expected RESOURCES ANDROID.jar CLASSES OUT LIBRARY..., found " + args.length);
    }
    List<Path> libraries = Arrays.stream(args).skip(4).map(Path::of).toList();
    TreeMap<String, byte[]> entries = new TreeMap<>();
    copy(Path.of(args[0]), entries, name -> true);
    List<Path> libraryCode = new ArrayList<>();
    for (Path library : libraries) {
      copy(library, entries, name -> name.startsWith("lib/") && name.endsWith(".so"));
      copy(
          library,
          entries,
          name ->
              name.matches("org/bytedeco/javacpp/properties/android-(arm64|x86_64)\\.properties"));
      if (!library.getFileName().toString().contains("-android-")) {
        libraryCode.add(library);
      }
    }
    Path out = Path.of(args[3]);
    Path dex = Files.createDirectories(out.resolveSibling("dex"));
    dex(classesIn(Path.of(args[2])), libraryCode, Path.of(args[1]), dex);
    try (Stream<Path> files = Files.list(dex)) {
      for (Path file : files.toList()) {
        entries.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    ApkZip.write(out, entries);
  }

  private static void dex(List<Path> app, List<Path> libraries, Path android, Path out)
      throws IOException, CompilationFailedException {
    D8Command.Builder command =
        D8Command.builder(new OnlyErrors())
            .addProgramFiles(app)
            .addLibraryFiles(android)
            // Desugaring records and lambdas looks up classes that android-all leaves out.
            .addLibraryResourceProvider(JdkClassFileProvider.fromSystemJdk())
            .setMinApiLevel(Resources.MIN_API)
            .setMode(CompilationMode.RELEASE)
            .setOutput(out, OutputMode.DexIndexed);
    for (Path library : libraries) {
      command.addProgramResourceProvider(
          ArchiveProgramResourceProvider.fromArchive(
              library,
              name ->
                  ArchiveProgramResourceProvider.includeClassFileEntries(name)
                      && !COMPILER.test(name)));
    }
    D8.run(command.build());
  }

  private static List<Path> classesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
  }

  private static void copy(Path zip, TreeMap<String, byte[]> entries, Predicate<String> wanted)
      throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      Enumeration<? extends ZipEntry> all = file.entries();
      while (all.hasMoreElements()) {
        ZipEntry entry = all.nextElement();
        if (!entry.isDirectory() && wanted.test(entry.getName())) {
          entries.put(entry.getName(), file.getInputStream(entry).readAllBytes());
        }
      }
    }
  }
}
