package shallows.model.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.Gson;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormalizationTest {
  @Test
  void survivesJson() {
    Normalization normalization = new Normalization(List.of(0.25f, 0.5f), List.of(1f, 0.1f));
    Gson gson = new Gson();
    assertEquals(normalization, gson.fromJson(gson.toJson(normalization), Normalization.class));
  }

  @Test
  void refusesWhatItCannotDivideBy() {
    assertThrows(IllegalArgumentException.class, () -> new Normalization(List.of(0f), List.of(0f)));
    assertThrows(
        IllegalArgumentException.class, () -> new Normalization(List.of(0f), List.of(1f, 1f)));
    assertThrows(IllegalArgumentException.class, () -> new Normalization(List.of(0f), null));
    assertThrows(
        IllegalArgumentException.class, () -> new Normalization(List.of(Float.NaN), List.of(1f)));
  }
}
