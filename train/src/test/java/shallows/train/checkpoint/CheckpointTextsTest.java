package shallows.train.checkpoint;

import com.google.gson.reflect.TypeToken;
import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.json.JsonEdits;
import shallows.model.json.JsonFormat;

class CheckpointTextsTest {
  @Test
  void aThousandEditsOfAHeaderGiveAValueOrOneLine() {
    JsonFormat<SafeTensors.Header> format =
        new JsonFormat<>(SafeTensors.Header.class, "a header", "train again");
    JsonEdits.assertValueOrOneLine(
        """
        {"network:w": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]},
         "network:b": {"dtype": "F32", "shape": [], "data_offsets": [8, 12]},
         "__metadata__": {"shallows.checkpoint": "2", "crc32": "00000000"}}
        """,
        spoiled -> format.parse(spoiled, "FILE"));
  }

  @Test
  void aThousandEditsOfNamesGiveAValueOrOneLine() {
    JsonEdits.assertValueOrOneLine(
        new JsonFormat<>(new TypeToken<List<String>>() {}, "names", "train again"),
        "[\"network\", \"optimizer\", \"history\"]");
  }
}
