package shallows.model.file;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Why a file could not be read or written, in words for a person. Java says much of it by the name
 * of the exception alone, whose message is nothing but a path.
 */
public final class IoReason {
  private IoReason() {}

  /** For the brackets of a message that has named the file. */
  public static String of(IOException e) {
    if (e instanceof FileAlreadyExistsException) {
      return "a file stands where a folder is needed: " + e.getMessage();
    }
    if (e instanceof NoSuchFileException) {
      return "no such file or folder: " + e.getMessage();
    }
    if (e instanceof AccessDeniedException) {
      return "not permitted: " + e.getMessage();
    }
    if (e instanceof NotDirectoryException) {
      return "no folder: " + e.getMessage();
    }
    if (e instanceof CharacterCodingException) {
      return "bytes that are no text in UTF-8";
    }
    if (e instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
