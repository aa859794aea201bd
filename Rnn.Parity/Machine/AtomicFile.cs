namespace Rnn.Parity.Machine;

/// <summary>Writes a file whole or not at all, where the system lets one file take the place of another.</summary>
internal static class AtomicFile
{
    // As many as Linux follows.
    private const int GreatestLinks = 40;

    /// <summary>
    /// Writes to a temporary file beside the target, then puts it in its place. A link is followed. What is empty is written
    /// as it stands, and is empty again if that fails: nothing is lost, and a device or a pipe, which are empty too, remains one.
    /// </summary>
    public static void Write(string path, Action<TextWriter> write)
    {
        Guarded(
            path,
            target =>
            {
                if (IsEmpty(target))
                {
                    using var stream = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.Read, 0);
                    try
                    {
                        using var writer = new StreamWriter(stream, leaveOpen: true);
                        write(writer);
                    }
                    catch (IOException) when (stream is { CanSeek: true, Length: > 0 })
                    {
                        stream.SetLength(0);
                        throw;
                    }
                }
                else
                    Beside(
                        target,
                        temporary =>
                        {
                            using (var writer = new StreamWriter(temporary))
                                write(writer);
                            Replace(temporary, target);
                        }
                    );
            }
        );
    }

    /// <summary>
    /// Finds out whether it could be written, before there is anything to write. A file that is there is replaced only if it
    /// begins as this one will: nothing that was read is lost.
    /// </summary>
    public static void Check(string path, string what, string beginning) =>
        Guarded(
            path,
            target =>
            {
                if (IsEmpty(target))
                    return;
                if (File.Exists(target) && !Begins(target, beginning))
                    throw new IOException($"it is there, and is no {what}; another place is expected");
                var folder = Path.GetDirectoryName(target)!;
                while (!Path.Exists(folder))
                    folder =
                        Path.GetDirectoryName(folder)
                        ?? throw new IOException($"{folder} is not there, a drive is expected");
                if (File.Exists(folder))
                    throw new IOException($"{folder} is a file, a folder is expected");
                Beside(Path.Combine(folder, "file"), temporary => File.WriteAllText(temporary, ""));
            }
        );

    /// <summary>The file that would be written, a link followed.</summary>
    public static string Target(string path)
    {
        if (string.IsNullOrEmpty(path))
            throw new IOException("the path of the file to be written is empty");
        if (path is "/dev/stdout" or "/dev/stderr" || path.StartsWith("/dev/fd/", StringComparison.Ordinal))
            throw new IOException($"{path} is where the program prints, the path of a file is expected");
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
            throw new IOException($"{path} is a folder, the path of a file is expected");
        return Real(path);
    }

    /// <summary>A path without links, whether there is something or not.</summary>
    public static string Real(string path) => Real(path, links: 0);

    private static string Real(string path, int links)
    {
        if (links > GreatestLinks)
            throw new IOException($"{path} leads from link to link without end");
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;
        var here = Path.Combine(Real(parent, links), Path.GetFileName(full));
        return new FileInfo(here).LinkTarget is { } next
            ? Real(Path.Combine(Path.GetDirectoryName(here)!, next), links + 1)
            : here;
    }

    /// <summary>Whether two paths are of one file; on Windows and macOS upper and lower case are the same.</summary>
    public static bool Same(string one, string other) =>
        string.Equals(
            Real(one),
            Real(other),
            OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase
        );

    public static void Write(string path, string text) => Write(path, writer => writer.Write(text));

    // A file that may be written and not replaced, as one that is mounted by itself, gets the new text in its place: not atomic.
    private static void Replace(string temporary, string target)
    {
        try
        {
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Copy(temporary, target, overwrite: true);
        }
    }

    private static bool Begins(string target, string beginning)
    {
        using var reader = new StreamReader(target);
        var start = new char[beginning.Length];
        return reader.ReadBlock(start) == beginning.Length && beginning.SequenceEqual(start);
    }

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
        var temporary = Path.Combine(directory, $".rnnparity.{Path.GetRandomFileName()}");
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
