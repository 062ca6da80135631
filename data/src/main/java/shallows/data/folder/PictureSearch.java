package shallows.data.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import shallows.data.LeftOut;
import shallows.data.decode.PictureFormat;
import shallows.model.BadInputException;
import shallows.model.file.AbsolutePath;
import shallows.model.file.IoReason;

/**
 * Finds the pictures of folders, however deep they lie, in the order of their names. A picture is
 * what has the ending of one, or begins as one does; all else is left out and counted. Links are
 * followed. One object goes through one set of folders.
 */
public final class PictureSearch {
  private static final Set<String> TEXTS =
      Set.of(
          "txt", "md", "csv", "tsv", "json", "xml", "html", "htm", "yaml", "yml", "log", "pdf",
          "doc", "docx", "rtf", "py", "ini", "xmp", "aae");
  private static final Set<String> VIDEOS =
      Set.of("mov", "mp4", "m4v", "avi", "mkv", "webm", "3gp", "mts", "wmv", "mpg", "mpeg");
  private static final Set<String> ARCHIVES = Set.of("zip", "gz", "tar", "tgz", "7z", "rar", "xz");

  private final Map<LeftOut, Integer> leftOut = new EnumMap<>(LeftOut.class);

  /** Where the search is, without links: a folder met again lies in itself. */
  private final Set<Path> ancestors = new HashSet<>();

  /** How many files there are that are none of the pictures, by what they are. */
  public Map<LeftOut, Integer> leftOut() {
    return Collections.unmodifiableMap(leftOut);
  }

  /**
   * All pictures below a folder. A link to nothing whose name is that of a picture is among them,
   * to be told with those that do not decode.
   *
   * @throws BadInputException when a folder cannot be read
   */
  public List<Path> in(Path folder) {
    List<Path> pictures = new ArrayList<>();
    ancestors.clear();
    // Where it was found, and where it lies if that is a link.
    addAbove(AbsolutePath.of(folder));
    addAbove(real(folder));
    collect(folder, pictures);
    return pictures;
  }

  private void addAbove(Path folder) {
    Path above = folder.getParent() == null ? null : real(folder.getParent());
    for (; above != null; above = above.getParent()) {
      ancestors.add(above);
    }
  }

  private void collect(Path folder, List<Path> pictures) {
    Path real = real(folder);
    if (!ancestors.add(real)) {
      count(LeftOut.CIRCLE);
      return;
    }
    for (Path entry : entries(folder)) {
      if (isSeenFolder(entry)) {
        collect(entry, pictures);
      } else if (isPicture(entry)) {
        pictures.add(entry);
      }
    }
    ancestors.remove(real);
  }

  /** The folders in a folder; what lies beside them is left out. */
  List<Path> foldersIn(Path folder) {
    List<Path> folders = new ArrayList<>();
    for (Path entry : entries(folder)) {
      if (isSeenFolder(entry)) {
        folders.add(entry);
      } else if (isPicture(entry)) {
        count(LeftOut.NO_CLASS);
      }
    }
    return folders;
  }

  /** Whole folders that belong to no class. */
  void leaveOut(Path folder) {
    in(folder).forEach(picture -> count(LeftOut.NO_CLASS));
  }

  /** A folder that systems leave is passed over with all that is in it. */
  private static boolean isSeenFolder(Path entry) {
    return Files.isDirectory(entry) && !isHidden(entry);
  }

  private static boolean isHidden(Path entry) {
    String name = entry.getFileName().toString();
    return name.startsWith(".") || JunkFiles.isJunk(name);
  }

  /** Counts what is none. */
  private boolean isPicture(Path entry) {
    String name = entry.getFileName().toString();
    if (isHidden(entry)) {
      count(LeftOut.SYSTEM);
      return false;
    }
    boolean named = PictureFormat.isNameOfPicture(name);
    boolean linkToNothing = Files.isSymbolicLink(entry) && !Files.exists(entry);
    if (named && (linkToNothing || Files.isRegularFile(entry))) {
      return true;
    }
    if (Files.isRegularFile(entry) && beginsAsPicture(entry)) {
      return true;
    }
    count(kind(name));
    return false;
  }

  /** What a file that is no picture is, by its name. */
  private static LeftOut kind(String name) {
    String ending = PictureFormat.ending(name);
    return TEXTS.contains(ending)
        ? LeftOut.TEXT
        : VIDEOS.contains(ending)
            ? LeftOut.VIDEO
            : ARCHIVES.contains(ending) ? LeftOut.ARCHIVE : LeftOut.OTHER;
  }

  private static boolean beginsAsPicture(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(PictureFormat.START);
      return PictureFormat.of(start, file.getFileName().toString()).isPresent();
    } catch (IOException unreadable) {
      return false;
    }
  }

  private void count(LeftOut kind) {
    leftOut.merge(kind, 1, Integer::sum);
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted(Comparator.comparing(path -> path.getFileName().toString())).toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static BadInputException unreadable(Path folder, IOException e) {
    return new BadInputException(
        folder, "a folder that can be read", IoReason.of(e), "check its name and permissions", e);
  }
}
