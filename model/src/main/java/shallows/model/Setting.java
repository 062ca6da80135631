package shallows.model;

import java.util.Locale;

/**
 * What a person can set, where a failure speaks of it: a Java program knows it by its {@link #key},
 * a command line by an option, which is its own affair.
 */
public enum Setting {
  BALANCE,
  BATCH,
  BATCH_NORM,
  CHANNELS,
  CLIP_NORM,
  COLOR_JITTER,
  CUTMIX,
  DATA,
  DEVICE,
  DISTILL,
  DOWNLOAD_TORCH,
  DROPOUT,
  EMA,
  EPOCHS,
  FAMILY,
  FINE_TUNE_EPOCHS,
  FINE_TUNE_RATE,
  FLIP,
  FORMAT,
  FORMS,
  FROM,
  HEAD_EPOCHS,
  HOST,
  IMAGES,
  KEEP,
  KEEP_PRECISION,
  KEYSTORE,
  KEY_ALIAS,
  LABELS,
  LABEL_SMOOTHING,
  LEARNING_RATE,
  MAX_BYTES,
  MAX_DROP,
  MAX_LATENCY,
  MAX_MACS,
  MEAN,
  MIXED_PRECISION,
  MIXUP,
  MOMENTUM,
  NETWORK,
  NORMALIZATION,
  ON,
  ON_DIVERGENCE,
  OUT,
  OUTPUT,
  PATIENCE,
  PLAN,
  PORT,
  PRECISION,
  QAT,
  RANDOM_ERASING,
  RECIPE,
  REFERENCE,
  REPRODUCIBLE,
  RESIZED_CROP,
  RUNTIME,
  SCHEDULE,
  SEED,
  SHIFT,
  SIZE,
  SKIP_BROKEN,
  STD,
  SURVIVAL,
  TEMPERATURE,
  THREADS,
  TIME_LIMIT,
  TRAIN_IMAGES,
  TRIVIAL_AUGMENT,
  TRUNK_RATE,
  WARM_UP,
  WEIGHT_DECAY,
  WEIGHT_SCALES;

  /** As a component of a record of settings is named: {@code maxDrop}. */
  public String key() {
    StringBuilder key = new StringBuilder();
    for (String word : name().toLowerCase(Locale.ROOT).split("_")) {
      // StringBuilder.isEmpty() is not there on Android 8.
      key.append(
          key.length() == 0 ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return key.toString();
  }
}
