namespace Rnn.Parity.Folders;

internal static class Inside
{
    /// <summary>Whether it leads to something within a folder, and not to the folder itself.</summary>
    public static bool Of(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        return relative != "." && relative.Split('/', '\\')[0] != ".." && !Path.IsPathRooted(relative);
    }
}
