using Rnn.Parity.Cases;
using Rnn.Parity.Folders;
using Rnn.Parity.Reporting;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Rnn.Parity.Tests.Fuzzing;

/// <summary>
/// Mutates folders that verify, byte by byte, and judges what becomes of each by a second reader and plain loops. Wrong is:
/// anything but a sentence or a verdict; a refusal or another verdict where every number is as it was; numbers other than
/// those in the file; "identical" or "exact" of a recorded number that was changed alone; and any verdict that holds
/// beside an output or h_n that no correct run can have.
/// </summary>
internal sealed class FolderFuzz
{
    private readonly Random random;

    /// <summary>Draws the mutations from a seed.</summary>
    public FolderFuzz(int seed) => random = new Random(seed);

    /// <summary>What is put to the test.</summary>
    public Func<RecordedRun, IReadOnlyList<Result>> Verify { get; init; } = Verification.Of;

    // Small, so that a hundred thousand of them take minutes.
    private static IEnumerable<RnnCase> Cases =>
        [
            new("relu", "forward only", 2, 1, new(1, 2, NonLinearity: NonLinearities.ReLU)),
            new("integers", "exact, with gradients", 2, 2, new(2, 2, NonLinearity: NonLinearities.ReLU)),
            new("stack", "two layers in both directions", 2, 2, new(1, 2, 2, Bidirectional: true)),
            new("packed", "packed, in float64", 2, 2, new(1, 2, Dtype: ScalarType.Float64))
            {
                Lengths = [2, 1],
                WithoutInitialState = true,
            },
            new("gradients", "with gradients", 2, 2, new(2, 2, Bias: false, BatchFirst: true)),
        ];

    /// <summary>Tries so many mutations.</summary>
    public FuzzTally Run(int count)
    {
        var folder = Directory.CreateTempSubdirectory("fuzz").FullName;
        try
        {
            var bases = Cases.Select(c => FuzzBase.Of(c, Path.Combine(folder, c.Id))).ToList();
            var tally = new FuzzTally();
            for (var i = 0; i < count; i++)
            {
                using var scope = NewDisposeScope();
                var original = bases[i % bases.Count];
                var (caseCsv, tensorsCsv) = (original.CaseCsv, original.TensorsCsv);
                if (random.Next(4) == 0)
                    caseCsv = Mutation.Of(caseCsv, random);
                else
                    tensorsCsv = Mutation.Of(tensorsCsv, random);
                tally.Add(original.Judge(Verify, caseCsv, tensorsCsv));
            }
            return tally;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
