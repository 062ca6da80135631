package shallows.pipeline.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import shallows.model.json.Changes;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Form;

/** Which settings let blocks become binary. */
class PruneSettingsTest {
  private static final PruneSettings TO_BYTES = PruneSettings.bytes("10%");

  @Test
  void withoutFormsBlocksMayBeBinaryUnlessTheyKeepTheirPrecision() {
    assertEquals(true, PruneSettings.STANDARD.binarizes(Set.of()));
    PruneSettings keeping = Changes.in(PruneSettings.STANDARD, "keepPrecision", true);
    assertEquals(false, keeping.binarizes(Set.of()));
    assertEquals(true, keeping.couldBinarize(Set.of()));
  }

  @Test
  void formsThatAreNamedSayItThemselves() {
    assertEquals(false, named(PruneSettings.STANDARD, "drop,narrow"));
    assertEquals(false, named(TO_BYTES, "drop,narrow"));
    assertEquals(true, named(PruneSettings.STANDARD, "narrow,binary"));
    assertEquals(true, named(TO_BYTES, "narrow,binary"));
  }

  private static boolean named(PruneSettings settings, String forms) {
    return Changes.in(settings, "forms", forms).binarizes(Form.menu(forms));
  }

  @Test
  void formsThatNobodyNamedAreBinaryToANumberOfBytesBeforeFineTuning() {
    Set<Decision> all = Form.MENU;
    assertEquals(false, PruneSettings.STANDARD.binarizes(all));
    assertEquals(true, TO_BYTES.binarizes(all));
    assertEquals(false, TO_BYTES.withFineTuneEpochs(0).binarizes(all));
    PruneSettings toMacs = Changes.in(PruneSettings.STANDARD, "maxMacs", "50%");
    assertEquals(false, toMacs.binarizes(all));
    assertEquals(true, Changes.in(PruneSettings.STANDARD, "family", "nano").binarizes(all));
  }
}
