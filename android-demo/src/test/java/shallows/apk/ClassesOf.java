package shallows.apk;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.codehaus.mojo.animal_sniffer.Clazz;
import org.jf.dexlib2.iface.ClassDef;
import org.jf.dexlib2.iface.DexFile;
import org.jf.dexlib2.iface.reference.FieldReference;
import org.jf.dexlib2.iface.reference.MethodReference;

/**
 * Members of the classes that code finds at run time: those of a dex, and the public ones of an
 * Android version. As the virtual machine does, a member is looked for in a class and in all that
 * it inherits from.
 */
final class ClassesOf {
  /**
   * Members by name and type, and the types inherited from; types as {@code Ljava/lang/Object;}.
   */
  private record Members(Set<String> own, List<String> parents) {}

  /** {@code invoke} of a method handle takes anything, so it is declared once for all types. */
  private static final String POLYMORPHIC = "Ljava/lang/invoke/MethodHandle;";

  private final Map<String, Clazz> android = new HashMap<>();
  private final Map<String, ClassDef> dex = new HashMap<>();
  private final Map<String, Members> known = new HashMap<>();

  /**
   * @param signatures of Android's public classes, as animal-sniffer keeps them: serialized, packed
   */
  ClassesOf(Path signatures, DexFile dex) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in =
        new ObjectInputStream(new GZIPInputStream(Files.newInputStream(signatures)))) {
      for (Object each = in.readObject(); each != null; each = in.readObject()) {
        Clazz of = (Clazz) each;
        android.put(of.getName(), of);
      }
    }
    for (ClassDef each : dex.getClasses()) {
      this.dex.put(each.getType(), each);
    }
  }

  /**
   * @param type a class, a primitive type or an array of either, as a dex names it
   */
  boolean hasType(String type) {
    String element = type.replaceFirst("^\\[+", "");
    return element.length() == 1 || members(element) != null;
  }

  boolean has(MethodReference method) {
    String owner = method.getDefiningClass();
    // The methods of an array are those of Object.
    String type = owner.startsWith("[") ? "Ljava/lang/Object;" : owner;
    return type.equals(POLYMORPHIC)
        || has(
            type,
            method.getName()
                + "("
                + String.join("", method.getParameterTypes())
                + ")"
                + method.getReturnType());
  }

  boolean has(FieldReference field) {
    return has(field.getDefiningClass(), field.getName() + ":" + field.getType());
  }

  private boolean has(String type, String member) {
    Members members = members(type);
    return members != null
        && (members.own.contains(member)
            || members.parents.stream().anyMatch(parent -> has(parent, member)));
  }

  private Members members(String type) {
    if (!known.containsKey(type)) {
      known.put(type, dex.containsKey(type) ? ofDex(dex.get(type)) : ofAndroid(type));
    }
    return known.get(type);
  }

  private static Members ofDex(ClassDef type) {
    Set<String> own = new HashSet<>();
    type.getMethods()
        .forEach(
            method ->
                own.add(
                    method.getName()
                        + "("
                        + String.join("", method.getParameterTypes())
                        + ")"
                        + method.getReturnType()));
    type.getFields().forEach(field -> own.add(field.getName() + ":" + field.getType()));
    List<String> parents = new ArrayList<>(type.getInterfaces());
    parents.add(type.getSuperclass());
    return new Members(own, parents);
  }

  /** Null where Android has no such class. */
  private Members ofAndroid(String type) {
    Clazz of = android.get(type.substring(1, type.length() - 1));
    if (of == null) {
      return null;
    }
    // Fields are written with a number sign there.
    Set<String> own = new HashSet<>();
    of.getSignatures().forEach(member -> own.add(member.replace('#', ':')));
    List<String> parents = new ArrayList<>();
    for (String each : of.getSuperInterfaces()) {
      parents.add("L" + each + ";");
    }
    if (of.getSuperClass() != null) {
      parents.add("L" + of.getSuperClass() + ";");
    }
    return new Members(own, parents);
  }
}
