package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import shallows.model.json.JsonFormat;
import shallows.train.jobs.Job;

/**
 * Nothing of ours is made of more than eight things, but for records that are what a JSON file has:
 * a file is as wide as what there is to say, and the reader names each component.
 */
class ParametersTest {
  private static final int MOST = 8;

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("shallows");

  @Test
  void noConstructorTakesMoreThanEight() {
    Set<Class<?>> inFiles = new HashSet<>();
    OURS.forEach(type -> addFormats(type.reflect(), inFiles));
    assertTrue(inFiles.size() > 20, () -> "only " + inFiles);
    Set<String> wide = new TreeSet<>();
    for (JavaClass type : OURS) {
      for (Constructor<?> constructor : type.reflect().getDeclaredConstructors()) {
        if (constructor.getParameterCount() > MOST && !inFiles.contains(type.reflect())) {
          wide.add(type.getName() + " " + constructor.getParameterCount());
        }
      }
    }
    assertEquals(Set.of(), wide);
  }

  /** The records of the formats that a class declares, and of the results of jobs. */
  private static void addFormats(Class<?> type, Set<Class<?>> records) {
    for (Field field : type.getDeclaredFields()) {
      if (field.getType() == JsonFormat.class
          && field.getGenericType() instanceof ParameterizedType format) {
        addRecords(format, records);
      }
    }
    for (Type above : type.getGenericInterfaces()) {
      if (above instanceof ParameterizedType job && job.getRawType() == Job.class) {
        addRecords(job, records);
      }
    }
  }

  private static void addRecords(Type type, Set<Class<?>> records) {
    if (type instanceof ParameterizedType given) {
      for (Type argument : given.getActualTypeArguments()) {
        addRecords(argument, records);
      }
    }
    if (!(type instanceof Class<?> raw)) {
      return;
    }
    if (raw.isArray()) {
      addRecords(raw.getComponentType(), records);
    } else if (raw.isRecord() && records.add(raw)) {
      for (RecordComponent component : raw.getRecordComponents()) {
        addRecords(component.getGenericType(), records);
      }
    } else if (raw.isSealed()) {
      for (Class<?> permitted : raw.getPermittedSubclasses()) {
        addRecords(permitted, records);
      }
    }
  }
}
