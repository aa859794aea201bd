using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Csv;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using TorchSharp;

// libtorch's threads are the machine's affair: one, unless the environment says otherwise.
torch.set_num_threads(
    int.Parse(Environment.GetEnvironmentVariable("RNN_THREADS") ?? "1", CultureInfo.InvariantCulture)
);
if (args is ["ratios"])
{
    Rnn.Benchmarks.Ratios.Print();
    return;
}
if (args is ["matrix"])
{
    Rnn.Benchmarks.MatrixTime.Print();
    return;
}
if (args is ["growth", var picture])
{
    Rnn.Benchmarks.Growth.Print(picture);
    return;
}
var config = ManualConfig
    .CreateMinimumViable()
    .AddJob(
        Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(2)
            .WithIterationCount(10)
            .WithIterationTime(TimeInterval.FromMilliseconds(200))
    )
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddExporter(MarkdownExporter.GitHub, CsvExporter.Default)
    .HideColumns(Column.Error, Column.StdDev, Column.Gen0, Column.Gen1, Column.Gen2, Column.AllocRatio)
    .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
