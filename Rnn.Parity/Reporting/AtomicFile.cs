namespace Rnn.Parity.Reporting;

/// <summary>Writes a file whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file beside the target, then puts it in its place. A link is followed. What is empty is written
    /// as it stands: nothing is lost, and a device or a pipe, which are empty too, remains one.
    /// </summary>
    /// <exception cref="IOException">A folder is there, or the place may not be written to; the sentence names it.</exception>
    public static void Write(string path, Action<TextWriter> write)
    {
        var target = Target(path);
        try
        {
            if (new FileInfo(target) is { Exists: true, Length: 0 })
            {
                using var writer = new StreamWriter(new FileStream(target, FileMode.Open, FileAccess.Write));
                write(writer);
            }
            else
                Replace(target, write);
        }
        catch (IOException e)
        {
            throw new IOException($"{path} cannot be written: {e.Message}", e);
        }
        catch (UnauthorizedAccessException)
        {
            throw new IOException($"{path} may not be written: permission is denied");
        }
    }

    /// <summary>The file that would be written, a link followed.</summary>
    /// <exception cref="IOException">A file cannot be there; the sentence names it.</exception>
    public static string Target(string path)
    {
        if (string.IsNullOrEmpty(path))
            throw new IOException("the path of the file to be written is empty");
        if (Directory.Exists(path))
            throw new IOException($"{path} is a folder, the path of a file is expected");
        var link = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true) : null;
        return link?.FullName ?? Path.GetFullPath(path);
    }

    /// <summary>Writes a text.</summary>
    public static void Write(string path, string text) => Write(path, writer => writer.Write(text));

    private static void Replace(string path, Action<TextWriter> write)
    {
        var directory = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(directory);
        var temporary = Path.Combine(directory, $".{Path.GetFileName(path)}.{Environment.ProcessId}");
        try
        {
            using (var writer = new StreamWriter(temporary))
                write(writer);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
