using Rnn.Parity.Bounds;

namespace Rnn.Parity.Folders;

/// <summary>
/// A case in a folder, which may testify to what its engine made of it: case.csv has the options, tensors.csv the tensors.
/// fixtures/README.md describes both.
/// </summary>
/// <param name="Case">The configuration; its id is the folder's name, and it draws the folder's tensors.</param>
/// <param name="Tensors">Weights, input, h_0 and cotangents; a cotangent that is not given is zero.</param>
/// <param name="Quantities">What the engine made of them, as far as it is given: output, h_n, grad.input, …</param>
/// <param name="Keys">Every key of case.csv.</param>
internal sealed record CaseFolder(
    RnnCase Case,
    CaseTensors Tensors,
    IReadOnlyDictionary<string, Tensor> Quantities,
    IReadOnlyDictionary<string, string> Keys
)
{
    public Inner? Inner { get; init; }

    public static CaseFolder Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new FixtureException($"{folder}: the folder is missing");
        using var scope = NewDisposeScope();
        var keys = CaseKeys.Read(folder);
        var c = keys.Case(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))));
        var rows = TensorRows.Read(Path.Combine(folder, TensorRows.FileName), c);
        c = rows.WithSizes(c) with { WithoutInitialState = !rows.Names.Contains("h_0") };
        var shapes = new CaseShapes(c);
        var all = rows.ToTensors(shapes, c.Options.WeightNames.Append("input"));
        if (all.Keys.Any(CaseShapes.IsGradient) && !all.ContainsKey("grad_output") && !all.ContainsKey("grad_h_n"))
            throw rows.Refuse(
                $"{all.Keys.First(CaseShapes.IsGradient)} is there, and neither grad_output nor grad_h_n"
            );

        var weights = c.Options.WeightNames.ToDictionary(name => name, name => all[name]);
        var tensors = new CaseTensors(
            weights,
            all["input"],
            all.GetValueOrDefault("h_0"),
            Cotangent("output"),
            Cotangent("h_n")
        );
        var quantities = all.Where(t => CaseShapes.IsQuantity(t.Key)).ToDictionary();
        var inner = InnerOf(all, shapes, c, rows);
        scope.MoveToOuter(all.Values.Append(tensors.GradOutput).Append(tensors.GradH_n));
        scope.MoveToOuter(inner?.Adjoints ?? []);
        return new CaseFolder(c with { Refine = _ => tensors }, tensors, quantities, keys.All) { Inner = inner };

        Tensor Cotangent(string name) => all.GetValueOrDefault($"grad_{name}") ?? zeros(shapes.Of(name)!, c.Dtype);
    }

    // All layers' outputs, or none; with them the adjoints, all or none.
    private static Inner? InnerOf(Dictionary<string, Tensor> all, CaseShapes shapes, RnnCase c, TensorRows rows)
    {
        List<string> outputs = [.. shapes.LayerOutputs];
        List<string> adjoints = [.. shapes.Adjoints];
        var given = outputs.Concat(adjoints).FirstOrDefault(all.ContainsKey);
        if (given is null)
            return null;
        foreach (var name in outputs.Append("output").Concat(adjoints.Any(all.ContainsKey) ? adjoints : []))
            if (!all.ContainsKey(name))
                throw rows.Refuse($"{given} is there, and {name} is missing");
        return new(
            [.. outputs.Append("output").Select(name => all[name])],
            adjoints.Any(all.ContainsKey) ? [.. adjoints.Select(name => c.TimeFirst(all[name]).contiguous())] : null
        );
    }
}
