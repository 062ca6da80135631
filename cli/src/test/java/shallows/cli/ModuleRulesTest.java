package shallows.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Normalization;
import shallows.model.graph.Task;

/** The rules of the design over the classes of all modules. */
class ModuleRulesTest {
  private static final JavaClasses OURS =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("shallows");

  @Test
  void theClassesOfAllModulesAreLookedAt() {
    for (String module : List.of("model", "data", "train", "prune", "export", "pipeline", "cli")) {
      String beginning = "shallows." + module + ".";
      assertTrue(OURS.stream().anyMatch(type -> type.getName().startsWith(beginning)), module);
    }
  }

  @Test
  void modelDependsOnNoOtherModule() {
    noClasses()
        .that()
        .resideInAPackage("shallows.model..")
        .should()
        .dependOnClassesThat(areOurs("shallows.model"))
        .check(OURS);
  }

  @Test
  void dataKnowsOfModelOnlyTheTaskAndWhatIsSaidOfInputFilesAndProgress() {
    noClasses()
        .that()
        .resideInAPackage("shallows.data..")
        .should()
        .dependOnClassesThat(
            areOurs("shallows.data", "shallows.model.file", "shallows.model.progress")
                .and(not(resideInAPackage("shallows.model")))
                .and(not(belongToAnyOf(Task.class, Normalization.class))))
        .check(OURS);
  }

  @Test
  void trainDependsOnModelAndDataAlone() {
    noClasses()
        .that()
        .resideInAPackage("shallows.train..")
        .should()
        .dependOnClassesThat(areOurs("shallows.train", "shallows.data", "shallows.model"))
        .check(OURS);
  }

  @Test
  void pruneDependsOnTrainDataAndModelAlone() {
    noClasses()
        .that()
        .resideInAPackage("shallows.prune..")
        .should()
        .dependOnClassesThat(
            areOurs("shallows.prune", "shallows.train", "shallows.data", "shallows.model"))
        .check(OURS);
  }

  @Test
  void exportDependsOnModelAndDataAlone() {
    noClasses()
        .that()
        .resideInAPackage("shallows.export..")
        .should()
        .dependOnClassesThat(areOurs("shallows.export", "shallows.data", "shallows.model"))
        .check(OURS);
  }

  @Test
  void pipelineDoesNotKnowTheCommand() {
    noClasses()
        .that()
        .resideInAPackage("shallows.pipeline..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("shallows.cli..", "picocli..", "me.tongfei..")
        .check(OURS);
  }

  @Test
  void onlyTrainKnowsDjl() {
    noClasses()
        .that()
        .resideOutsideOfPackage("shallows.train..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(OURS);
  }

  @Test
  void trainHasItsArrowsInOneDirection() {
    checkOrder(
        "shallows.train.",
        List.of("options", "libtorch", "engine", "inference", "evidence", "loop"));
  }

  @Test
  void pruneHasItsArrowsInOneDirection() {
    checkOrder("shallows.prune.", List.of("plan", "form", "search", "tune"));
    noClasses()
        .that()
        .resideInAnyPackage(
            "shallows.prune.plan",
            "shallows.prune.form",
            "shallows.prune.search",
            "shallows.prune.tune")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("shallows.prune")
        .check(OURS);
  }

  private static void checkOrder(String module, List<String> rooms) {
    List<String> packages = rooms.stream().map(room -> module + room + "..").toList();
    for (int i = 0; i < packages.size(); i++) {
      String room = packages.get(i);
      assertTrue(OURS.stream().anyMatch(resideInAPackage(room)), room);
      noClasses()
          .that()
          .resideInAPackage(room)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(packages.subList(i + 1, packages.size()).toArray(String[]::new))
          .allowEmptyShould(true)
          .check(OURS);
    }
  }

  private static String partOfTrain(String name) {
    return "shallows.train." + name + "..";
  }

  @Test
  void whatTrainComputesAndKeepsWithIsItsOwn() {
    noClasses()
        .that()
        .resideOutsideOfPackage("shallows.train..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            partOfTrain("libtorch"),
            partOfTrain("engine"),
            partOfTrain("checkpoint"),
            partOfTrain("tensorboard"))
        .check(OURS);
  }

  @Test
  void noPublicMethodOfTrainShowsDjl() {
    classes()
        .that()
        .resideInAPackage("shallows.train..")
        .and()
        .arePublic()
        .should(new ShowNothingOf("ai.djl."))
        .check(OURS);
  }

  @Test
  void onlyExportKnowsTheRuntimes() {
    noClasses()
        .that()
        .resideOutsideOfPackage("shallows.export..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "ai.onnxruntime..", "org.bytedeco..", "org.tensorflow..", "com.google.flatbuffers..")
        .check(OURS);
  }

  @Test
  void onlyWhatReadsOrWritesMessagesKnowsProtobuf() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "shallows.model.onnx..",
            "shallows.export.inspect..",
            "shallows.export.onnx..",
            "shallows.train.tensorboard..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.onnx.proto..", "com.google.protobuf..")
        .check(OURS);
  }

  @Test
  void onlyTheCommandKnowsItsLibraries() {
    noClasses()
        .that()
        .resideOutsideOfPackage("shallows.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "me.tongfei..")
        .check(OURS);
  }

  @Test
  void onlyItsOwnModuleKnowsSparkAndNobodyKnowsThat() {
    noClasses()
        .that()
        .resideOutsideOfPackage("shallows.spark..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..", "shallows.spark..")
        .check(OURS);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("shallows.(**)").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void onlyMainExits() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("shallows.cli.Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(OURS);
  }

  /** Classes of ours outside the given modules. */
  private static DescribedPredicate<JavaClass> areOurs(String... exceptIn) {
    return DescribedPredicate.describe(
        "are ours but not of " + String.join(", ", exceptIn),
        type -> {
          String name = type.getPackageName();
          if (!name.startsWith("shallows")) {
            return false;
          }
          for (String module : exceptIn) {
            if (name.equals(module) || name.startsWith(module + ".")) {
              return false;
            }
          }
          return true;
        });
  }
}
