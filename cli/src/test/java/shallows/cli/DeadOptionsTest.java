package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.model.Setting;

/**
 * An option that does nothing beside the others is refused in one line that names it, before
 * anything is read or written: none of the folders and files that are named here is there.
 */
class DeadOptionsTest {
  @ParameterizedTest
  @CsvSource({
    // Forms of TFLite files, and of files of integers.
    "export no-run --format onnx --io int8, --format",
    "export no-run --format onnx --batch dynamic, --format",
    "export no-run --format onnx --int8-sum conv, --format",
    "export no-run --precision fp32 --io int8, --precision",
    "'export no-run --precision fp32,binary --int8-sum conv', --precision",
    "export no-run --precision fp32 --weight-scales per-tensor, --precision",
    "'export no-run --precision int8,mixed --weight-scales per-tensor', --precision",
    "convert no.onnx --weight-scales per-tensor, --precision",
    "shrink no.onnx --data no --precision fp16 --weight-scales per-tensor, --precision",
    "export no-run --format onnx --precision binary-fast, --precision",
    "'export no-run --format onnx --precision int8,binary-fast', --precision",
    "run --format onnx --precision binary-fast --out no-run, --precision",
    "'run --precision fp32,binary --qat --out no-run', --qat",
    "export no-run --device cpu, --device",
    "export no-run --threads 2, --threads",
    "export no-run --download-torch, --download-torch",
    "train --download-torch --out no-run, --download-torch",
    // What a pruning does not look at.
    "prune no-run --plan plan.json --keep-precision, --plan",
    "prune no-run --plan plan.json --max-bytes 50%, --plan",
    "prune no-run --plan plan.json --family nano, --plan",
    "prune no-run --plan plan.json --on spark, --on",
    "train --find-lr --on spark, --on",
    "prune no-run --family nano --max-bytes 50%, --family",
    "prune no-run --fine-tune-epochs 0 --distill 0.5, --distill",
    "prune no-run --fine-tune-epochs 0 --fine-tune-rate 0.01, --fine-tune-rate",
    "prune no-run --temperature 2, --temperature",
    "prune no-run --distill 0 --temperature 2, --temperature",
    "'run --keep-precision --precision int8,mixed --out no-run', --precision",
    "shrink no.onnx --data no --keep-precision --precision binary, --precision",
    // Steps that a training does not have.
    "run --data mnist --skip-broken --out no-run, --skip-broken",
    "run --normalization none --out no-run, --normalization",
    "run --mean 0 --std 1 --out no-run, --mean",
    "train --output logits --out no-run, --output",
    "train --channels 3 --out no-run, --channels",
    "run --head-epochs 3 --out no-run, --head-epochs",
    "run --trunk-rate 0.5 --out no-run, --trunk-rate",
    "run --from no.onnx --network resnet-20 --out no-run, --network",
    "train --from no.onnx --dropout 0.5 --out no-run, --dropout",
    "train --from no.onnx --epochs 0 --trunk-rate 0.5 --out no-run, --trunk-rate",
    "run --from no.onnx --epochs 0 --survival none --out no-run, --survival",
    "run --from no.onnx --epochs 0 --on-divergence rollback --out no-run, --on-divergence",
    "train --from no.onnx --epochs 0 --time-limit 5 --out no-run, --time-limit",
    "shrink no.onnx --data no --survival none, --survival",
    "shrink no.onnx --data no --fine-tune-epochs 2 --survival none, --survival",
    "shrink no.onnx --data no --learning-rate 0.1, --learning-rate",
    "shrink no.onnx --data no --batch 32, --batch",
    "shrink no.onnx --data no --keep-precision, --keep-precision",
    "shrink no.onnx --data no --fine-tune-epochs 2 --keep-precision, --keep-precision",
    "'prune no-run --forms drop,narrow --keep-precision', --keep-precision",
    "'prune no-run --forms narrow,binary --keep-precision', --keep-precision",
    "'prune no-run --forms narrow,binary --fine-tune-epochs 0', --forms",
    "'prune no-run --forms narrow,binary --max-macs 50%', --forms",
    "'prune no-run --forms narrow,binary --max-latency 2ms', --forms",
    "'run --forms drop,narrow --precision binary --out no-run', --precision",
    "shrink no.onnx --data no --precision binary, --precision",
    "shrink no.onnx --data no --max-macs 50% --fine-tune-epochs 2 --keep-precision, --keep-precision",
    "prune no-run --max-macs 50% --forms narrow --keep-precision, --keep-precision",
    "shrink no.onnx --data no --checkpoint-minutes 1, --checkpoint-minutes",
    "shrink no.onnx --data no --on-divergence rollback, --on-divergence",
    "shrink no.onnx --data no --time-limit 5, --time-limit",
    "train --find-lr --resume, --resume",
    "train --find-lr --learning-rate 0.1, --learning-rate",
    "train --find-lr --from no.onnx, --from",
    "train --patience 3 --keep last --out no-run, --keep",
    "shrink no.onnx --data no --distill 0.5, --distill",
    "shrink no.onnx --data no --temperature 2, --temperature",
    "shrink no.onnx --data mnist --skip-broken, --skip-broken",
    // What is known of a run, and of images.
    "convert no.onnx --max-drop 1, --max-drop",
    "convert no.onnx --labels no, --labels",
    "convert no.onnx --normalization none, --normalization",
    "convert no.onnx --data no, --precision",
    "convert no.onnx --io int8, --precision",
    "convert no.onnx --out no-file.onnx --batch dynamic, --out",
    "verify no-run --layers, --layers",
    "verify no-run --seed 2, --seed",
    "verify no-run --on spark, --on",
    "verify no-run --out no, --out",
    "inspect . --coverage, --coverage",
    "inspect . --data no, --data",
    "inspect no.onnx --normalization none, --normalization",
    "inspect no.onnx --coverage --data no, --coverage",
    "inspect . --output logits, --output",
    "inspect . --size 32, --size",
    "inspect . --channels 3, --channels",
    "apk no-run --key-alias mine, --key-alias"
  })
  void isRefused(String line, String option) {
    String refusal = CommandLineSession.refusal((Object[]) line.split(" "));

    assertTrue(refusal.contains(option), refusal);
    assertTrue(refusal.contains("expected"), refusal);
    assertTrue(refusal.contains("; "), refusal);
    // The names that records have are not those of options.
    for (Setting setting : Setting.values()) {
      String key = setting.key();
      boolean isOneWord = key.equals(key.toLowerCase(Locale.ROOT));
      assertTrue(isOneWord || !refusal.contains(key), refusal);
    }
  }
}
