package shallows.apk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jf.dexlib2.DexFileFactory;
import org.jf.dexlib2.Opcodes;
import org.jf.dexlib2.ReferenceType;
import org.jf.dexlib2.dexbacked.DexBackedDexFile;
import org.jf.dexlib2.iface.reference.FieldReference;
import org.jf.dexlib2.iface.reference.MethodReference;
import org.jf.dexlib2.iface.reference.TypeReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the dex refers to, against the public classes of the oldest Android that the app runs on; so
 * what Android keeps to itself is found too.
 */
class DexApiTest {
  private static final Path TEMPLATE = Path.of(System.getProperty("template.apk"));
  private static final Path ANDROID_8 = Path.of(System.getProperty("android8.signature"));

  /** A check of the version stands before it, and older Androids go another way. */
  private static final String VERSION_CHECKED = "EdgeToEdge checks Build.VERSION.SDK_INT first";

  /** Android's format of code, not its classes. */
  private static final String FORMAT = "what d8 writes annotations of the Java language as";

  /** Left out with javacpp's compiler; a phone never runs the methods that would need it. */
  private static final String COMPILER = "InfoMap parses what is to be compiled, on no phone";

  /** What Android 8 lacks and the dex refers to all the same, each with the reason why it may. */
  private static final Map<String, String> EXPLAINED =
      Map.ofEntries(
          Map.entry("Landroid/graphics/Insets;", VERSION_CHECKED),
          Map.entry("Landroid/view/DisplayCutout;", VERSION_CHECKED),
          Map.entry("Landroid/view/Window;->setDecorFitsSystemWindows(Z)V", VERSION_CHECKED),
          Map.entry("Landroid/view/WindowInsets$Type;", VERSION_CHECKED),
          Map.entry(
              "Landroid/view/WindowInsets;->getDisplayCutout()Landroid/view/DisplayCutout;",
              VERSION_CHECKED),
          Map.entry(
              "Landroid/view/WindowInsets;->getInsets(I)Landroid/graphics/Insets;",
              VERSION_CHECKED),
          Map.entry("Ldalvik/annotation/AnnotationDefault;", FORMAT),
          Map.entry("Ldalvik/annotation/EnclosingClass;", FORMAT),
          Map.entry("Ldalvik/annotation/EnclosingMethod;", FORMAT),
          Map.entry("Ldalvik/annotation/InnerClass;", FORMAT),
          Map.entry("Ldalvik/annotation/MemberClasses;", FORMAT),
          Map.entry("Ldalvik/annotation/MethodParameters;", FORMAT),
          Map.entry("Ldalvik/annotation/Signature;", FORMAT),
          Map.entry("Ldalvik/annotation/Throws;", FORMAT),
          Map.entry("Lorg/bytedeco/javacpp/tools/Templates;", COMPILER),
          Map.entry("Lorg/bytedeco/javacpp/tools/Token;", COMPILER),
          Map.entry("Lorg/bytedeco/javacpp/tools/Tokenizer;", COMPILER),
          Map.entry("[Lorg/bytedeco/javacpp/tools/Token;", COMPILER),
          Map.entry("Lorg/slf4j/Logger;", "javacpp logs without it where it is not found"),
          Map.entry("Lorg/slf4j/LoggerFactory;", "javacpp logs without it where it is not found"),
          Map.entry("Lsun/misc/Unsafe;", "javacpp's indexers look for it and do without"));

  private static DexBackedDexFile dex;
  private static Set<String> missing;

  @BeforeAll
  static void read() throws Exception {
    dex =
        (DexBackedDexFile)
            DexFileFactory.loadDexEntry(
                    TEMPLATE.toFile(), "classes.dex", true, Opcodes.forApi(Resources.MIN_API))
                .getDexFile();
    missing = missing();
  }

  @Test
  void theDexHoldsTheAppAndItsRuntime() {
    Set<String> classes =
        dex.getClasses().stream().map(each -> each.getType()).collect(Collectors.toSet());

    assertTrue(classes.contains("Lshallows/demo/MainActivity;"));
    assertTrue(classes.contains("Lshallows/data/decode/ImageResize;"));
    assertTrue(classes.contains("Lorg/bytedeco/tensorflowlite/global/tensorflowlite;"));
    assertTrue(classes.contains("Lshallows/export/runtime/TfliteEdge;"));
    assertTrue(classes.stream().noneMatch(name -> name.startsWith("Lshallows/export/tflite/")));
    assertTrue(classes.stream().noneMatch(name -> name.startsWith("Lorg/robolectric/")));
  }

  @Test
  void nothingIsReferredToThatAndroid8Lacks() {
    Set<String> unexplained = new TreeSet<>(missing);
    unexplained.removeAll(EXPLAINED.keySet());

    assertEquals(Set.of(), unexplained);
  }

  @Test
  void everyExceptionIsStillNeeded() {
    Set<String> stale = new TreeSet<>(EXPLAINED.keySet());
    stale.removeAll(missing);

    assertEquals(Set.of(), stale);
  }

  private static Set<String> missing() throws Exception {
    Set<String> missing = new TreeSet<>();
    ClassesOf classes = new ClassesOf(ANDROID_8, dex);
    for (TypeReference type : dex.getTypeReferences()) {
      if (!classes.hasType(type.getType())) {
        missing.add(type.getType());
      }
    }
    for (var reference : dex.getReferences(ReferenceType.METHOD)) {
      MethodReference method = (MethodReference) reference;
      if (classes.hasType(method.getDefiningClass()) && !classes.has(method)) {
        missing.add(method.toString());
      }
    }
    for (var reference : dex.getReferences(ReferenceType.FIELD)) {
      FieldReference field = (FieldReference) reference;
      if (classes.hasType(field.getDefiningClass()) && !classes.has(field)) {
        missing.add(field.toString());
      }
    }
    return missing;
  }
}
