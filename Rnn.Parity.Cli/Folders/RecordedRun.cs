namespace Rnn.Parity.Folders;

/// <summary>What somebody's engine made of a case, as it lies in a folder.</summary>
/// <param name="Name">The folder or, in fixtures/, the testimony.</param>
/// <param name="Folder">The case, and what the engine made of it.</param>
/// <param name="Engine">The engine and its version or, in fixtures/, the witness.</param>
internal sealed record RecordedRun(string Name, CaseFolder Folder, string Engine)
{
    private static readonly EnumerationOptions below = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>
    /// How to read what was recorded in a directory: itself, if it has case.csv; every testimony to every case, if it has a
    /// manifest; else each folder with case.csv or tensors.csv below it. Links to folders are not followed.
    /// </summary>
    /// <returns>One function for each, so that one after the other is held in memory.</returns>
    public static IReadOnlyList<Func<RecordedRun>> In(string directory)
    {
        if (directory.Length == 0)
            throw new FixtureException("DIR is empty, a folder is expected");
        if (!Directory.Exists(directory))
            throw new FixtureException(
                new FileInfo(directory).LinkTarget is not null ? $"{directory}: is a link that leads nowhere"
                : File.Exists(directory) ? $"{directory}: a folder is expected, this is a file"
                : $"{directory}: the folder is missing"
            );
        try
        {
            if (IsFixtures(directory))
                return Testimonies(directory);
            var folders = Folders(directory).ConvertAll(folder => (Func<RecordedRun>)(() => Of(folder)));
            return folders.Count > 0
                ? folders
                : throw new FixtureException($"{directory}: no {CaseKeys.FileName} is here or in a folder below");
        }
        catch (UnauthorizedAccessException)
        {
            throw new FixtureException($"{directory}: may not be read: permission is denied");
        }
    }

    /// <summary>The files of what is recorded in a directory, and no other, such as a certificate.</summary>
    public static IEnumerable<string> Files(string directory) =>
        IsFixtures(directory)
            ? Directory.EnumerateFiles(directory, "*.csv", SearchOption.AllDirectories)
            : Folders(directory).SelectMany(Parts).Where(Path.Exists);

    private static bool IsFixtures(string directory) =>
        !Path.Exists(Path.Combine(directory, CaseKeys.FileName))
        && Path.Exists(Path.Combine(directory, Manifest.FileName));

    // A run of which a file is missing is one too, and is refused.
    private static List<string> Folders(string directory) =>
        Path.Exists(Path.Combine(directory, CaseKeys.FileName))
            ? [directory]
            :
            [
                .. Directory
                    .EnumerateDirectories(directory, "*", below)
                    .Prepend(directory)
                    .Where(folder => Parts(folder).Any(Path.Exists))
                    .Order(StringComparer.Ordinal),
            ];

    private static IEnumerable<string> Parts(string folder) =>
        new[] { CaseKeys.FileName, TensorRows.FileName }.Select(name => Path.Combine(folder, name));

    /// <summary>Reads a folder that holds what its engine made of it.</summary>
    public static RecordedRun Of(string directory)
    {
        var folder = CaseFolder.Read(directory);
        if (!folder.Quantities.ContainsKey("output"))
            throw new FixtureException(
                $"{Path.Combine(directory, TensorRows.FileName)}: output is missing: these are the tensors of a case, and what an engine made of them is expected too"
            );
        return new RecordedRun(directory, folder, $"{folder.Keys["engine"]} {folder.Keys["engine_version"]}");
    }

    private static List<Func<RecordedRun>> Testimonies(string fixtures)
    {
        if (Manifest.Check(fixtures) is [var sentence, ..])
            throw new FixtureException(sentence);
        var testimonies = Path.Combine(fixtures, "testimonies");
        var runs =
            from folder in Directory.Exists(testimonies) ? Directory.EnumerateDirectories(testimonies) : []
            from file in Directory.EnumerateFiles(folder, "*.csv")
            let witness = Path.GetFileName(folder)
            let id = Path.GetFileNameWithoutExtension(file)
            where Path.GetFileName(file) != Manifest.Environment
            orderby witness, id
            select (Func<RecordedRun>)(() => Of(fixtures, witness, id));
        List<Func<RecordedRun>> all = [.. runs];
        return all.Count > 0 ? all : throw new FixtureException($"{testimonies}: no testimony is here");
    }

    /// <summary>Reads what a witness made of a case of the fixtures.</summary>
    public static RecordedRun Of(string fixtures, string witness, string id)
    {
        var folder = CaseFolder.Read(Path.Combine(fixtures, "cases", id));
        using var scope = NewDisposeScope();
        var quantities = TensorRows
            .Read(Path.Combine(fixtures, "testimonies", witness, $"{id}.csv"), folder.Case)
            .ToTensors(new CaseShapes(folder.Case), ["output", "h_n"]);
        scope.MoveToOuter(quantities.Values);
        return new RecordedRun($"{witness}/{id}", folder with { Quantities = quantities }, witness);
    }
}
