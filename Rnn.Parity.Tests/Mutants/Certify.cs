using Rnn.Parity.Cases;
using Rnn.Parity.Comparison;

namespace Rnn.Parity.Tests.Mutants;

/// <summary>Certifies the quantities of a run by a derived bound.</summary>
public delegate Finding Certify(RnnCase c, CaseTensors tensors, Quantities quantities);
