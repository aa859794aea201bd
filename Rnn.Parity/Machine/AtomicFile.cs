namespace Rnn.Parity.Machine;

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
        Guarded(
            path,
            target =>
            {
                if (IsEmpty(target))
                {
                    using var writer = new StreamWriter(new FileStream(target, FileMode.Open, FileAccess.Write));
                    write(writer);
                }
                else
                    Beside(
                        target,
                        temporary =>
                        {
                            using (var writer = new StreamWriter(temporary))
                                write(writer);
                            File.Move(temporary, target, overwrite: true);
                        }
                    );
            }
        );
    }

    /// <summary>Finds out whether it could be written, before there is anything to write.</summary>
    /// <exception cref="IOException">It could not; the sentence names the file.</exception>
    public static void Check(string path) =>
        Guarded(
            path,
            target =>
            {
                if (!IsEmpty(target))
                    Beside(target, temporary => File.WriteAllText(temporary, ""));
            }
        );

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

    private static bool IsEmpty(string target) => new FileInfo(target) is { Exists: true, Length: 0 };

    private static void Guarded(string path, Action<string> action)
    {
        var target = Target(path);
        try
        {
            action(target);
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

    // Does something with a temporary file beside another.
    private static void Beside(string target, Action<string> use)
    {
        var directory = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(directory);
        var temporary = Path.Combine(directory, $".{Path.GetFileName(target)}.{Environment.ProcessId}");
        try
        {
            use(temporary);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
