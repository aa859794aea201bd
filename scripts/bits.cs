#:project ../Rnn.Parity.Tests/Rnn.Parity.Tests.csproj
#:property PublishAot=false
#:property GenerateTestingPlatformEntryPoint=false

// Runs fixed cases in several settings of libtorch and its MKL, each in a process of its own, and rewrites the tables of
// docs/bits.md. Rnn.Parity.Tests draws the documents' cases from their seeds.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using Rnn.Parity.Cases;
using Rnn.Parity.Exact;
using Rnn.Parity.Machine;
using Rnn.Parity.Tests.Exact;
using Rnn.Parity.Tests.Notebooks;
using Rnn.Scratch;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [var threads, var addresses, var folder])
{
    set_num_threads(int.Parse(threads, CultureInfo.InvariantCulture));
    Measure(addresses == "odd", folder);
    return;
}
Setting[] settings =
[
    new("2 threads, the baseline"),
    new("1 thread", Threads: 1),
    new("16 threads", Threads: 16),
    new("ATEN_CPU_CAPABILITY=default"),
    new("ATEN_CPU_CAPABILITY=avx2"),
    new("ATEN_CPU_CAPABILITY=avx512", Avx512BW.VL.IsSupported),
    new("MKL_ENABLE_INSTRUCTIONS=SSE4_2"),
    new("MKL_ENABLE_INSTRUCTIONS=AVX2"),
    new("MKL_ENABLE_INSTRUCTIONS=AVX512", Avx512BW.VL.IsSupported),
    new("MKL_CBWR=COMPATIBLE"),
    new("MKL_CBWR=AVX2"),
    new("odd addresses, forward only", Addresses: "odd"),
];
var drawn = Directory.CreateTempSubdirectory("bits-");
Rewrite([.. settings.Where(s => s.Possible).Select(s => s.Run(drawn.FullName))], settings.Where(s => !s.Possible));
drawn.Delete(recursive: true);

static void Rewrite(List<Run> runs, IEnumerable<Setting> leftOut)
{
    string[] marks = ["<!-- tables: made by dotnet run scripts/bits.cs -->\n", "<!-- end of tables -->\n"];
    var path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "docs", "bits.md");
    var text = File.ReadAllText(path).Split(marks, StringSplitOptions.None);
    var on = Surroundings.Current();
    var tables = $"""
        Measured on {DateTime.Now:d MMMM yyyy}: libtorch {on.Libtorch} ({on.TorchSharp}), {on.Cpu}, {on.Os}, {on.Runtime}.
        {string.Concat(leftOut.Select(setting => $"Left out, as this CPU has no AVX-512: {setting.Name}.\n"))}
        | setting | ours identical to nn.RNN | ours identical to nn.RNNCell | nn.RNN and nn.RNNCell: same output | same draws |
        |---|---|---|---|---|
        {string.Join('\n', runs.Select(run => run.Summary(runs[0])))}

        Quantities of nn.RNN with the same bits as in the baseline:

        | setting | documents | matrix | large | exact |
        |---|---|---|---|---|
        {string.Join('\n', runs.Select(run => run.Kept(runs[0])))}

        """;
    AtomicFile.Write(path, text[0] + marks[0] + tables + marks[1] + text[2]);
}

static void Measure(bool odd, string drawn)
{
    foreach (var (group, c) in Cases().Where(g => Dtypes.Computed.Contains(g.c.Options.Dtype ?? ScalarType.Float32)))
    {
        if (odd && !CanBeOdd(c))
            continue;
        using var scope = NewDisposeScope();
        var tensors = c.Draw();
        Exchange(tensors, group, c, drawn);
        foreach (var order in Enum.GetValues<EvaluationOrder>())
        foreach (var factory in RnnFactory.Implementations.Prepend(RnnFactory.ReferenceOf(order)))
        {
            var reference = RnnFactory.ReferenceOf(order);
            var by = factory == reference ? reference.Name : $"ours beside {reference}";
            var ordered = c.In(order);
            var run = odd
                ? ForwardAtOddAddresses(factory, ordered, tensors)
                : RnnRun.Of(factory, ordered, tensors, CPU);
            foreach (var (quantity, value) in group == "exact" ? IntegerOracle.PlusZero(run) : run)
                Print(by, group, c, quantity, value);
        }
    }
}

static void Print(string by, string group, RnnCase c, string quantity, Tensor value)
{
    var sha256 = Convert.ToHexStringLower(SHA256.HashData(value.contiguous().bytes));
    Console.WriteLine($"{by},{group},{c.Id},{quantity},{value.dtype} {string.Join('x', value.shape)} {sha256}");
}

static IEnumerable<(string group, RnnCase c)> Cases() =>
    [
        .. NotebookCases.All.Select(c => ("documents", c)),
        .. MatrixCase.Sample(1, 25).Select(c => ("matrix", c)),
        .. Large(20, 16, 128, 64),
        .. Large(35, 20, 200, 256),
        .. Large(50, 64, 512, 512),
        .. Everyone.Cases(1).Where((_, number) => number % 7 == 0).Select(c => ("exact", c)),
    ];

static IEnumerable<(string, RnnCase)> Large(long T, long B, long I, long H) =>
    from dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64]
    select ("large", new RnnCase($"large-{H}-{dtype}", "products of many blocks", T, B, new(I, H, Dtype: dtype)));

// The first process, the baseline, keeps what it draws, and every setting is given that.
static void Exchange(CaseTensors tensors, string group, RnnCase c, string folder)
{
    Tensor?[] all = [.. tensors.Weights.Values, tensors.Input, tensors.H_0, tensors.GradOutput, tensors.GradH_n];
    foreach (var (number, tensor) in all.OfType<Tensor>().Index())
    {
        Print("drawn", group, c, $"{number}", tensor);
        var (file, own) = (Path.Combine(folder, $"{c.Id}-{number}"), tensor.contiguous());
        if (!File.Exists(file))
            File.WriteAllBytes(file, own.bytes);
        own.bytes = File.ReadAllBytes(file);
        tensor.copy_(own);
    }
}

// What is packed or not contiguous is copied on its way; in training, dropout draws.
static bool CanBeOdd(RnnCase c) =>
    c is { InputLayout: Layout.Contiguous, StateLayout: Layout.Contiguous, Lengths: null }
    && (c.Evaluation || c.Options.Dropout == 0);

static Dictionary<string, Tensor> ForwardAtOddAddresses(RnnFactory factory, RnnCase c, CaseTensors tensors)
{
    using var rnn = factory.Build(c.Options);
    rnn.load_state_dict(tensors.Weights.ToDictionary());
    rnn.train(!c.Evaluation);
    var h_0 = tensors.H_0 is null ? null : Leaf(tensors.H_0);
    var (output, h_n) = RnnRun.Forward(rnn, c, Leaf(tensors.Input), h_0);
    return new() { ["output"] = output.detach(), ["h_n"] = h_n.detach() };

    // One element after the beginning of a buffer, which is aligned.
    static Tensor Leaf(Tensor value)
    {
        var buffer = empty(value.numel() + 1, value.dtype);
        return buffer.narrow(0, 1, value.numel()).view(value.shape).copy_(value).requires_grad_();
    }
}

internal sealed record Setting(string Name, bool Possible = true, int Threads = 2, string Addresses = "aligned")
{
    public Run Run(string drawn)
    {
        var watch = Stopwatch.StartNew();
        string[] arguments = [$"{Threads}", Addresses, drawn];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true };
        foreach (var inherited in new[] { "ATEN_CPU_CAPABILITY", "MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR" })
            start.Environment.Remove(inherited);
        start.Environment["OMP_NUM_THREADS"] = start.Environment["MKL_NUM_THREADS"] = $"{Threads}";
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE"; // several times as fast on a busy machine
        if (Name.Split('=') is [var variable, var value])
            start.Environment[variable] = value;
        using var child = Process.Start(start)!;
        var lines = child.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        child.WaitForExit();
        if (child.ExitCode != 0)
            throw new InvalidOperationException($"{Name}: the process ended with exit code {child.ExitCode}");
        Console.Error.WriteLine($"{Name}: {watch.Elapsed.TotalSeconds:F0} s");
        return new Run(Name, lines.Select(line => line.Split(',', 2)).ToLookup(row => row[0], row => row[1]));
    }
}

// The rows by who computed them: group, case, quantity, and its type, shape and SHA-256.
internal sealed record Run(string Setting, ILookup<string, string> Rows)
{
    public string Summary(Run baseline) =>
        Line(
            Share(Rows["ours beside nn.RNN"], Rows["nn.RNN"]),
            Share(Rows["ours beside nn.RNNCell"], Rows["nn.RNNCell"]),
            Share(Rows["nn.RNN"].Where(row => row.Contains(",output,")), Rows["nn.RNNCell"]),
            Share(Rows["drawn"], baseline.Rows["drawn"])
        );

    public string Kept(Run baseline)
    {
        var groups = Rows["nn.RNN"].GroupBy(row => row.Split(',')[0]);
        return Line([.. groups.Select(group => Share(group, baseline.Rows["nn.RNN"]))]);
    }

    private string Line(params string[] cells) => $"| {Setting} | {string.Join(" | ", cells)} |";

    private static string Share(IEnumerable<string> rows, IEnumerable<string> others)
    {
        var (same, all) = (rows.Count(others.ToHashSet().Contains), rows.Count());
        return same == all ? $"all of {all:N0}" : $"{same:N0} of {all:N0}";
    }
}
