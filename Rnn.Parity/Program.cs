using System.CommandLine;
using Rnn.Parity;

var device = new Option<string>("--device")
{
    Description = "Where to run: cpu, cuda, or all that there are.",
    DefaultValueFactory = _ => "cpu",
};
device.AcceptOnlyFromAmong("cpu", "cuda", "all");
var filter = new Option<string?>("--filter")
{
    Description = "Only what has this text in its document, case, implementation, reference or section.",
};
var only = new Option<string?>("--case") { Description = "Only the case with this id, as in the table." };
var certificate = new Option<string>("--certificate")
{
    Description = "Where to write the certificate.",
    DefaultValueFactory = _ => Path.Combine("artifacts", "parity.csv"),
};
var command = new RootCommand(
    "Runs the RNNs from scratch beside nn.RNN and nn.RNNCell, and says what holds between them."
)
{
    device,
    filter,
    only,
    certificate,
};
command.SetAction(parsed =>
    new CommandLine(Console.Error).Run(
        parsed.GetValue(device)!,
        parsed.GetValue(only),
        parsed.GetValue(filter),
        parsed.GetValue(certificate)!
    )
);

var arguments = command.Parse(args);
if (arguments.Errors.Count == 0)
    return arguments.Invoke();
Console.Error.WriteLine(arguments.Errors[0].Message);
return CommandLine.BadInput;
