using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Rnn.Parity.Bits;
using Rnn.Parity.Reporting;

namespace Rnn.Parity;

public sealed partial class CommandLine
{
    private static readonly string[] bitsColumns = ["group", "case", "by", "quantity", "elements", "sha256"];

    /// <summary>Writes the fingerprints of what the references compute: 0, as nothing is claimed.</summary>
    public int RunBits(string certificate) =>
        Guarded(
            "cpu",
            _ =>
            {
                var cases = BitsJob.Cases.ToList();
                var rows = Terminal.Watch(cases.Count, done => Fingerprints(cases, done));
                AtomicFile.Write(certificate, writer => Write(writer, rows));
                Console.WriteLine(Surroundings.Current());
                Console.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"{rows.Count} fingerprints of {cases.Count} cases")
                );
                Console.WriteLine($"certificate: {certificate}");
                return 0;
            }
        );

    private static List<Fingerprint> Fingerprints(List<(string group, Cases.RnnCase c)> cases, Action done) =>
        [
            .. cases.SelectMany(g =>
            {
                var rows = BitsJob.Of(g.group, g.c);
                done();
                return rows;
            }),
        ];

    private static void Write(TextWriter writer, List<Fingerprint> rows)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var csv = new CsvWriter(writer, configuration, leaveOpen: true);
        foreach (var column in bitsColumns)
            csv.WriteField(column);
        csv.NextRecord();
        foreach (var row in rows)
        {
            csv.WriteRecord(row);
            csv.NextRecord();
        }
    }
}
