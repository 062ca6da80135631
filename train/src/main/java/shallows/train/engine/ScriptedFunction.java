package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A function of one array in TorchScript, for what torch has and DJL has no call for. It is part of
 * what is differentiated, like every call of DJL's.
 */
final class ScriptedFunction {
  /**
   * Python's pickle of an object of the class {@code Function}, without any attribute: protocol 2,
   * the class, no arguments, made, an empty dictionary as its state, built, done.
   */
  private static final String OBJECT = "\u0080\u0002c__torch__\nFunction\n)\u0081}b.";

  /** No constant: an empty tuple. */
  private static final String CONSTANTS = "\u0080\u0002).";

  private final PtSymbolBlock block;

  /**
   * @param expression in TorchScript, of {@code x}, for example {@code "torch.to(x, 15)"}
   * @param manager keeps it
   */
  ScriptedFunction(String expression, PtNDManager manager) {
    try {
      block =
          JniUtils.loadModule(manager, new ByteArrayInputStream(archive(expression)), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @return on the manager of {@code x}
   */
  NDArray of(NDArray x) {
    return IValueUtils.forward(block, new NDList(x), true).singletonOrThrow();
  }

  /** What {@code torch.jit.save} writes, as far as it is read: a zip file, nothing compressed. */
  private static byte[] archive(String expression) throws IOException {
    String code =
        """
        class Function(Module):
          __parameters__ = []
          __buffers__ = []
          def forward(self: __torch__.Function, x: Tensor) -> Tensor:
            return %s
        """
            .replace("%s", expression);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "data.pkl", OBJECT);
      add(zip, "code/__torch__.py", code);
      add(zip, "constants.pkl", CONSTANTS);
      add(zip, "version", "3\n");
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 check = new CRC32();
    check.update(bytes);
    ZipEntry entry = new ZipEntry("function/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(check.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
