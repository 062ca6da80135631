package shallows.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The public names and signatures of packages, as text that a person reviews. */
final class PublicApi {
  private static final String OURS = "shallows.";

  /** What every class of its kind has. */
  private static final Set<String> IMPLIED =
      Set.of("equals", "hashCode", "toString", "values", "valueOf");

  private final List<String> packages;
  private final TreeMap<String, Class<?>> types = new TreeMap<>();
  private final TreeMap<String, Class<?>> shown = new TreeMap<>();

  /**
   * @param known a class of the module that has the packages
   */
  PublicApi(Class<?> known, List<String> packages) {
    this.packages = packages;
    packages.forEach(name -> classesIn(known, name).forEach(type -> types.put(name(type), type)));
  }

  /** Types with their members in the order of the alphabet, then likewise those that these show. */
  String text() {
    String text = text(types);
    return text + "# Shown by these\n\n" + text(new TreeMap<>(shown));
  }

  private String text(TreeMap<String, Class<?>> all) {
    StringBuilder text = new StringBuilder();
    all.values()
        .forEach(
            type -> {
              text.append(declaration(type)).append('\n');
              members(type).forEach(member -> text.append("  ").append(member).append('\n'));
              text.append('\n');
            });
    return text.toString();
  }

  private static List<Class<?>> classesIn(Class<?> known, String name) {
    try {
      Path classes = Path.of(known.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.list(classes.resolve(name.replace('.', '/')))) {
        List<Class<?>> found = new ArrayList<>();
        for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
          String simple = file.getFileName().toString().replace(".class", "");
          Class<?> type = Class.forName(name + "." + simple, false, known.getClassLoader());
          if (isReachable(type)) {
            found.add(type);
          }
        }
        return found;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isReachable(Class<?> type) {
    for (Class<?> outer = type; outer != null; outer = outer.getEnclosingClass()) {
      if (!isPublic(outer.getModifiers()) || outer.isAnonymousClass()) {
        return false;
      }
    }
    return !type.isSynthetic();
  }

  private String declaration(Class<?> type) {
    String kind =
        type.isRecord()
            ? "record"
            : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
    boolean told = type.isRecord() || type.isEnum();
    String kept = told ? "" : type.isSealed() ? "sealed " : isFinal(type) ? "final " : "";
    List<Type> above = new ArrayList<>(List.of(type.getGenericInterfaces()));
    if (kind.equals("class") && type.getSuperclass() != Object.class) {
      above.add(type.getGenericSuperclass());
    }
    return kept + kind + " " + name(type) + (above.isEmpty() ? "" : " : " + words(above));
  }

  private static boolean isFinal(Class<?> type) {
    return Modifier.isFinal(type.getModifiers());
  }

  private TreeSet<String> members(Class<?> type) {
    TreeSet<String> members = new TreeSet<>();
    said(type.getDeclaredFields(), field -> field((Field) field), members);
    said(type.getDeclaredConstructors(), made -> constructor((Constructor<?>) made), members);
    said(type.getDeclaredMethods(), method -> method((Method) method), members);
    return members;
  }

  private static void said(Member[] found, Function<Member, String> words, Set<String> members) {
    Arrays.stream(found)
        .filter(member -> isSeen(member.getModifiers()) && !member.isSynthetic())
        .filter(member -> !(member instanceof Method) || !IMPLIED.contains(member.getName()))
        .map(words)
        .forEach(members::add);
  }

  private String field(Field field) {
    return field.isEnumConstant()
        ? field.getName()
        : how(field) + word(field.getGenericType()) + " " + field.getName();
  }

  private String constructor(Constructor<?> constructor) {
    return "new" + parameters(constructor);
  }

  private String method(Method method) {
    return how(method)
        + word(method.getGenericReturnType())
        + " "
        + method.getName()
        + parameters(method);
  }

  private String parameters(Executable executable) {
    List<Type> thrown = List.of(executable.getGenericExceptionTypes());
    return "("
        + words(List.of(executable.getGenericParameterTypes()))
        + ")"
        + (thrown.isEmpty() ? "" : " throws " + words(thrown));
  }

  private static String how(Member member) {
    return (Modifier.isStatic(member.getModifiers()) ? "static " : "")
        + (Modifier.isProtected(member.getModifiers()) ? "protected " : "");
  }

  private String words(List<Type> types) {
    return types.stream().map(this::word).collect(Collectors.joining(", "));
  }

  /** A type as source says it; if it is ours and of another package, it is noted as shown. */
  private String word(Type type) {
    if (type instanceof ParameterizedType generic) {
      return word(generic.getRawType())
          + "<"
          + words(List.of(generic.getActualTypeArguments()))
          + ">";
    }
    if (!(type instanceof Class<?> plain)) {
      return type.getTypeName();
    }
    if (plain.isArray()) {
      return word(plain.getComponentType()) + "[]";
    }
    String name = name(plain);
    if (name.startsWith(OURS) && !packages.contains(plain.getPackageName())) {
      shown.put(name, plain);
    }
    return name.replaceFirst("^java\\.(?:lang|util|util\\.function|nio\\.file)\\.(?=[A-Z])", "");
  }

  private static String name(Class<?> type) {
    return type.getCanonicalName();
  }

  private static boolean isPublic(int modifiers) {
    return Modifier.isPublic(modifiers);
  }

  private static boolean isSeen(int modifiers) {
    return isPublic(modifiers) || Modifier.isProtected(modifiers);
  }
}
