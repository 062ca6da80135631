package shallows.export.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelsFileTest {
  @Test
  void hasALineForEachClassWhateverItIsCalled() {
    String content = LabelsFile.content(List.of("cat", "big\ndog", "a\r\nb"));
    assertEquals("cat\nbig dog\na b\n", content);
    assertEquals(3, content.lines().count());
  }
}
