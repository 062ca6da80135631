package shallows.model.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;

class FileKindTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "1c00000054464c3300000000, a TFLite model",
    "180000004f52544d00000000, ONNX Runtime's own format",
    "800258190a, PyTorch",
    "894844460d0a1a0a00, Keras",
    "89504e470d0a1a0a00, an image",
    "ffd8ffe000, an image",
    "3c21444f43545950452068746d6c3e, a web page",
    "1f8b080000, an archive",
    "50000000000000007b225f, safetensors",
    "76657273696f6e2068747470733a2f2f6769742d6c66732e, Git LFS",
    "7b22636c6173736573223a20d6b07d00, ",
    "476cc3bc636b, a text"
  })
  void isToldByItsFirstBytes(String bytes, String words) {
    Optional<FileKind> kind = FileKind.of(java.util.HexFormat.of().parseHex(bytes));

    assertEquals(words != null, kind.isPresent(), kind.toString());
    assertTrue(words == null || kind.get().words().contains(words), kind.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "archive/data.pkl, PyTorch",
    "model.weights.h5, Keras",
    "there/saved_model.pb, TensorFlow",
    "picture.png, an archive"
  })
  void anArchiveIsToldByWhatIsInIt(String entry, String words) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("first"));
      zip.write("some".getBytes(StandardCharsets.US_ASCII));
      zip.putNextEntry(new ZipEntry(entry));
    }

    assertTrue(FileKind.of(bytes.toByteArray()).orElseThrow().words().contains(words));
  }

  @Test
  void aModelOfOursIsNoneOfThem() {
    byte[] model =
        OnnxWriter.bytes(Networks.create("resnet-8", Shape.of(1, 28, 28), Task.unnamed(10, 1), 1));

    assertEquals(Optional.empty(), FileKind.of(model));
    assertEquals(Optional.empty(), FileKind.of(new byte[0]));
  }

  @Test
  void aFolderIsToldByWhatIsInIt() throws IOException {
    assertEquals(Optional.empty(), FileKind.ofFolder(folder));
    Files.createFile(folder.resolve("saved_model.pb"));
    assertTrue(FileKind.ofFolder(folder).orElseThrow().remedy().contains("tf2onnx"));
  }
}
