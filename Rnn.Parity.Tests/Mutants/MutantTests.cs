using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;
using Rnn.Parity.Exact;
using Rnn.Parity.Machine;
using Rnn.Parity.Reporting;
using Shouldly;
using static TorchSharp.torch;

namespace Rnn.Parity.Tests.Mutants;

/// <summary>Every wrong RNN dies by the evidence that can see it, and no right one does.</summary>
[NonParallelizable]
public sealed partial class MutantTests
{
    private static readonly Lazy<KillMatrix> matrix = new(() => new KillMatrix());

    [TestCaseSource(typeof(Catalogue), nameof(Catalogue.Mutants))]
    public void A_mutant_is_killed_by_two_kinds_or_recognised_as_the_same_function(Mutant mutant)
    {
        var row = matrix.Value.Of(mutant);
        row.Verdict.ShouldBe(
            mutant.Kind == MutantKind.Rounding ? KillVerdict.Recognised : KillVerdict.Killed,
            string.Join(" | ", row.Columns)
        );
    }

    [TestCaseSource(typeof(Catalogue), nameof(Catalogue.Controls))]
    public void A_right_RNN_survives_everything(Mutant control)
    {
        var row = matrix.Value.Of(control);
        row.Cells.ShouldAllBe(cell => cell.Fate == Fate.Alive, string.Join(" | ", row.Columns));
    }

    // Where a mistake is said not to show, it does not, or the shapes do not fit.
    [Test]
    public void No_kind_of_evidence_is_excused_that_could_kill()
    {
        var excused = Catalogue
            .Mutants.SelectMany(mutant => matrix.Value.Kinds.Select(kind => (mutant, kind)))
            .Where(pair => !pair.kind.Trials.Any(pair.mutant.ShowsIn))
            .ToList();
        excused.Count.ShouldBeGreaterThan(30);
        foreach (var (mutant, kind) in excused)
        foreach (var trial in kind.Trials)
            Shows(mutant, trial).ShouldBeFalse($"{mutant}, {kind.Name}, {trial.Case}");
    }

    [Test]
    public void Each_has_a_name_of_its_own_and_a_sentence()
    {
        var mutants = Catalogue.Mutants;
        mutants.Count.ShouldBeGreaterThanOrEqualTo(45);
        mutants.Select(m => m.Name).ShouldBeUnique();
        mutants.Select(m => m.Mistake).ShouldBeUnique();
        foreach (var mutant in mutants)
        {
            mutant.Name.ShouldMatch("^[a-z0-9]+(-[a-z0-9]+)*$");
            mutant.Mistake.ShouldMatch(@"^([A-Z]|tanh|relu|b_|h_|h |φ).*[^.]\.$");
        }
    }

    [Test]
    [Long("makes the table of the mutants")]
    public void The_page_says_what_becomes_of_each()
    {
        var rows = matrix.Value.Rows();
        var table =
            MarkdownTable.Of(["mutant", "mistake", .. KillMatrix.Names, "together"], rows.Select(row => row.Columns))
            + $"\n{KillRow.Count(rows)}.\n";
        var made = Path.Combine(Repository.Root, "artifacts", "mutants.md");
        AtomicFile.Write(made, table);
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "mutants.md"))
            .Split("<!-- mutants: made by a test -->\n")[^1]
            .ShouldBe(table, $"if the table is right, put {made} in its place");
    }

    // Without its product a state may as well be zero.
    [Test]
    [Long("compares every two mutants")]
    public void No_two_are_the_same_but_those_that_must_be()
    {
        var made = Catalogue.Mutants.Select(mutant => (mutant, digests: Digests(mutant))).ToList();
        var same =
            from first in made
            from second in made.SkipWhile(m => m != first).Skip(1)
            let common = first.digests.Keys.Where(second.digests.ContainsKey).ToList()
            where common.Count > 0 && common.All(trial => first.digests[trial] == second.digests[trial])
            select $"{first.mutant} and {second.mutant}";
        same.ShouldBe(["recurrent-dropped and state-reset-at-each-step"]);
    }

    [Test]
    public void The_certification_is_what_the_matrix_is_given()
    {
        var strict = new KillMatrix((_, _, _) => new(Evidence.Differs, "nothing passes") { Differing = 1 });
        strict.Of(Catalogue.Controls[0]).Verdict.ShouldBe(KillVerdict.WronglyKilled);
        strict.Of(Catalogue.Mutants.First(m => m.Kind == MutantKind.Rounding)).IsRight.ShouldBeFalse();
        var open = new KillMatrix((_, _, _) => new(Evidence.Differs, "no number is outside of its bound"));
        open.Of(Catalogue.Mutants[0]).Cells[2].Fate.ShouldBe(Fate.Alive);
    }

    private static bool Shows(Mutant mutant, Trial trial)
    {
        using var scope = NewDisposeScope();
        try
        {
            return !trial.Judge(mutant.Run(trial.Case, trial.Tensors, CPU)).Holds;
        }
        catch (RunException e) when (ShapesDoNotFit().IsMatch(e.Message))
        {
            return false;
        }
    }

    [GeneratedRegex("shapes cannot be multiplied|exceeds dimension size|the RNN expects")]
    private static partial Regex ShapesDoNotFit();

    // What a mutant makes of every case in which it shows, byte by byte.
    private static Dictionary<string, string> Digests(Mutant mutant)
    {
        var digests = new Dictionary<string, string>();
        foreach (var trial in matrix.Value.Kinds[0].Trials.Where(mutant.ShowsIn))
        {
            using var scope = NewDisposeScope();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var made = IntegerOracle.PlusZero(mutant.Run(trial.Case, trial.Tensors, CPU));
            foreach (var (name, tensor) in made.OrderBy(q => q.Key, StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(name));
                hash.AppendData(tensor.contiguous().bytes);
            }
            digests[trial.Case.Id] = Convert.ToHexString(hash.GetHashAndReset());
        }
        return digests;
    }
}
