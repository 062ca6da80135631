package shallows.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.PrintStream;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;

/** Files, names and messages are the same whatever language a person has set. */
class LocalesTest {
  private static final JavaClasses OURS =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("shallows");

  /** Numbers have other digits in Egypt, capital letters other small ones in Turkey. */
  @Test
  void nothingIsFormattedByTheLocaleOfTheProcess() {
    noClasses()
        .should()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "formatted", Object[].class)
        .orShould()
        .callMethod(PrintStream.class, "printf", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .because("a Locale.ROOT says what is meant")
        .check(OURS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa-IR", "bn-BD", "tr-TR", "de-DE"})
  void aNetworkHasTheSameNamesAndWeightsInEveryLanguage(String language) {
    Graph here = network();
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag(language));
      Graph there = network();
      assertEquals(here.nodes(), there.nodes());
      assertEquals(here.blocks(), there.blocks());
      assertEquals("stage1/block01", there.blocks().get(0).name());
    } finally {
      Locale.setDefault(before);
    }
  }

  private static Graph network() {
    return Networks.create("resnet-8-s2", Shape.of(1, 8, 8), Task.unnamed(2, 1), 1);
  }
}
