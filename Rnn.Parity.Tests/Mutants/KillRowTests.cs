using NUnit.Framework;
using Rnn.Parity.Cases;
using Shouldly;

namespace Rnn.Parity.Tests.Mutants;

/// <summary>The verdict on a mutant, from its cells; and whether that is right.</summary>
public sealed class KillRowTests
{
    private static readonly Cell killed = new(Fate.Killed, "case-7");
    private static readonly Cell alive = new(Fate.Alive, "");
    private static readonly Cell none = new(Fate.NotApplicable, "two layers");

    private static readonly KillRow dead = Row(MutantKind.Function, killed, killed, none, none);
    private static readonly KillRow survivor = Row(MutantKind.Function, alive, alive, alive, none);
    private static readonly KillRow control = Row(MutantKind.Control, alive, alive, alive, alive);
    private static readonly KillRow victim = Row(MutantKind.Control, alive, killed, alive, alive);

    private static IEnumerable<TestCaseData> Rows()
    {
        yield return new(dead, KillVerdict.Killed, true);
        yield return new(survivor, KillVerdict.Alive, false);
        yield return new(control, KillVerdict.Holds, true);
        yield return new(victim, KillVerdict.WronglyKilled, false);
        yield return new(Row(MutantKind.Function, none, none, none, none), KillVerdict.Alive, false);
        yield return new(Row(MutantKind.Gradient, none, killed, none, none), KillVerdict.KilledByOne, true);
        yield return new(Row(MutantKind.Precision, killed, none, alive, none), KillVerdict.Alive, false);
        yield return new(Row(MutantKind.Rounding, killed, alive, alive, none), KillVerdict.Recognised, true);
        yield return new(Row(MutantKind.Rounding, alive, alive, alive, alive), KillVerdict.Alive, false);
        yield return new(Row(MutantKind.Rounding, killed, killed, alive, alive), KillVerdict.WronglyKilled, false);
        yield return new(Row(MutantKind.Rounding, alive, alive, killed, alive), KillVerdict.WronglyKilled, false);
    }

    [TestCaseSource(nameof(Rows))]
    public void The_verdict_follows_from_the_cells(KillRow row, KillVerdict verdict, bool right)
    {
        row.Verdict.ShouldBe(verdict);
        row.IsRight.ShouldBe(right);
    }

    [Test]
    public void A_row_says_what_each_kind_made_of_it()
    {
        dead.Columns.ShouldBe([
            "name",
            "Mistake.",
            "killed",
            "killed",
            "n/a: needs two layers",
            "n/a: needs two layers",
            "killed",
        ]);
        survivor.Columns[^1].ShouldBe("ALIVE");
        survivor.Columns[2].ShouldBe("alive");
        control.Columns[2].ShouldBe("holds");
    }

    [Test]
    public void The_last_line_counts()
    {
        KillRow
            .Count([control, dead, dead, survivor])
            .ShouldBe(
                "3 mutants: 2 killed by two kinds or more, 0 by one, 0 the same function and recognised, 1 alive"
            );
        KillRow.Count([victim]).ShouldEndWith("0 alive; 1 right ones killed");
    }

    private static KillRow Row(MutantKind kind, params Cell[] cells) =>
        new(new("name", "Mistake.", kind, RnnFactory.Rnn), cells);
}
