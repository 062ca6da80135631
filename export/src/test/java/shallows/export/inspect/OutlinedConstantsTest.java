package shallows.export.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.model.BadInputException;
import shallows.model.onnx.OnnxOutline;
import shallows.model.onnx.constant.ExternalData;

/** Constants that an outline leaves in the file are looked at like those of a whole one. */
class OutlinedConstantsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "INT4, 4",
    "UINT4, 4",
    "FLOAT8E4M3FN, 8",
    "FLOAT8E5M2, 8",
    "INT8, 8",
    "FLOAT16, 16",
    "INT64, 64"
  })
  void numbersOfAnyWidth(DataType type, int bits) throws IOException {
    // An odd number, so that half of the last byte is nobody's.
    long numbers = 8L * OnnxOutline.LEAST / bits + 1;
    byte[] bytes = new byte[(int) ((numbers * bits + 7) / 8)];
    Path file = written(GraphProto.newBuilder(), type, numbers, ByteString.copyFrom(bytes));
    assertTrue(OnnxInspection.check(outline(file).content(), "outline", ExternalData.beside(file)));
    Path shorter =
        written(
            GraphProto.newBuilder(),
            type,
            numbers,
            ByteString.copyFrom(bytes, 0, bytes.length - 1));
    assertThrows(
        BadInputException.class,
        () ->
            OnnxInspection.check(
                outline(shorter).content(), "outline", ExternalData.beside(shorter)));
  }

  @Test
  void amountsAreReadWhereTheyLie() throws IOException {
    ByteBuffer amounts = ByteBuffer.allocate(OnnxOutline.LEAST).order(ByteOrder.LITTLE_ENDIAN);
    amounts.putLong(8, 1L << 40);
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addNode(
                NodeProto.newBuilder()
                    .setOpType("Tile")
                    .addInput("x")
                    .addInput("c")
                    .addOutput("y"));
    Path file =
        written(graph, DataType.INT64, amounts.capacity() / 8, ByteString.copyFrom(amounts));
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () ->
                OnnxInspection.check(
                    outline(file).content(), "outline", ExternalData.beside(file)));
    assertTrue(e.getMessage().contains("Tile by " + (1L << 40)), e.getMessage());
  }

  /** They may be beside a link to the file, where a runtime that gets it in parts finds nothing. */
  @Test
  void aFileWithConstantsInOthersIsNotParted() throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder();
    graph
        .addInitializerBuilder()
        .setName("elsewhere")
        .setDataType(DataType.FLOAT_VALUE)
        .addDims(1)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalDataBuilder()
        .setKey("location")
        .setValue("other");
    Path file =
        written(graph, DataType.INT8, OnnxOutline.LEAST, ByteString.copyFrom(new byte[1 << 20]));
    OnnxOutline outline = OnnxOutline.of(file);
    assertFalse(outline.isParted());
    assertEquals(Files.size(file), outline.content().length);
  }

  private static OnnxOutline outline(Path file) throws IOException {
    OnnxOutline outline = OnnxOutline.of(file);
    assertTrue(outline.isParted());
    return outline;
  }

  private Path written(GraphProto.Builder graph, DataType type, long numbers, ByteString raw)
      throws IOException {
    graph
        .addInitializerBuilder()
        .setName("c")
        .setDataType(type.getNumber())
        .addDims(numbers)
        .setRawData(raw);
    byte[] model = ModelProto.newBuilder().setGraph(graph).build().toByteArray();
    return Files.write(folder.resolve(raw.size() + ".onnx"), model);
  }
}
