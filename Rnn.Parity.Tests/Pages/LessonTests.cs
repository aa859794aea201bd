using NUnit.Framework;
using Shouldly;

namespace Rnn.Parity.Tests.Pages;

/// <summary>The lessons: each prints the text that is committed beside it, and ends with exercises.</summary>
[NonParallelizable]
public sealed class LessonTests
{
    private static string Folder => Path.Combine(Repository.Root, "lessons");

    [TestCaseSource(nameof(Names))]
    [Long("builds and runs a lesson")]
    public void A_lesson_prints_its_text(string name)
    {
        var (status, output, errors) = Run(name);
        status.ShouldBe(0, output + errors);
        Difference(name, output, Text(name)).ShouldBeNull();
    }

    [TestCaseSource(nameof(Names))]
    public void A_lesson_fits_on_two_pages_and_ends_with_exercises(string name)
    {
        File.ReadAllLines(Path.Combine(Folder, name + ".cs")).Length.ShouldBeInRange(40, 100);
        var text = Text(name);
        // a console may have no other characters
        text.ShouldAllBe(character => char.IsAscii(character));
        text.Split("\n\n")[^1].ShouldMatch(@"\AExercises\n1\. [^\0]+\n2\. ");
        File.ReadAllText(Path.Combine(Folder, "README.md")).ShouldContain($"]({name}.cs)");
    }

    [Test]
    [Long("builds and runs a lesson")]
    public void The_hunt_prints_its_solutions_when_asked()
    {
        var (status, output, errors) = Run("005-hunt", "solutions");
        status.ShouldBe(0, output + errors);
        output.ShouldStartWith(Text("005-hunt"));
        output
            .Split("\n\n")[^1]
            .ShouldBe(
                """
                Solutions, with what Parity.Of says (one mistake of the list is not used)
                  Suspect 1: d. W_hh is not transposed
                    Parity.Of: the term W_hh h has W_hh transposed
                  Suspect 2: c. the state is detached before each step
                    Parity.Of: no gradient passes from a step to the one before, nor to h_0, as where the state is detached in each
                  Suspect 3: b. h_0 is ignored, and the first state is zero
                    Parity.Of: the term W_hh h has zero for h_0
                  Suspect 4: e. tanh is applied to W_ih x_t + b_ih as well
                    Parity.Of: the nonlinearity is applied to W_ih x + b_ih as well

                """
            );
    }

    [Test]
    public void Every_text_has_its_lesson()
    {
        Names().ShouldNotBeEmpty();
        Files("*.txt").ShouldBe(Names());
    }

    [TestCase("a\nb\n", "a\nb\n", null)]
    [TestCase("a\nc\n", "a\nb\n", "line 2 is 'c', and 'b' in lessons/x.txt")]
    [TestCase("a\n", "a\nb\n", "line 2 is missing, and 'b' in lessons/x.txt")]
    [TestCase("a\nb\n", "a\n", "line 2 is 'b', and missing in lessons/x.txt")]
    public void The_first_line_that_differs_is_shown(string printed, string text, string? difference) =>
        (Difference("x", printed, text)?.Split('\n')[0]).ShouldBe(difference);

    private static string? Difference(string name, string printed, string text)
    {
        var (actual, expected) = (printed.TrimEnd('\n').Split('\n'), text.TrimEnd('\n').Split('\n'));
        for (var i = 0; i < Math.Max(actual.Length, expected.Length); i++)
            if (actual.ElementAtOrDefault(i) != expected.ElementAtOrDefault(i))
                return $"line {i + 1} is {Line(actual, i)}, and {Line(expected, i)} in lessons/{name}.txt\n"
                    + $"If the lesson is right, write its text again: dotnet run lessons/{name}.cs > lessons/{name}.txt";
        return null;

        static string Line(string[] lines, int i) => i < lines.Length ? $"'{lines[i]}'" : "missing";
    }

    private static (int status, string output, string errors) Run(string name, params string[] arguments) =>
        Command.Run("dotnet", ["run", $"lessons/{name}.cs", .. arguments]);

    private static string Text(string name) =>
        File.ReadAllText(Path.Combine(Folder, name + ".txt")).ReplaceLineEndings("\n");

    private static IEnumerable<string> Names() => Files("*.cs");

    private static IEnumerable<string> Files(string pattern) =>
        Directory
            .EnumerateFiles(Folder, pattern)
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal);
}
