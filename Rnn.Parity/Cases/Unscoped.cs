namespace Rnn.Parity.Cases;

/// <summary>Code that is not ours may keep a tensor that it makes, as a constant for later calls.</summary>
internal static class Unscoped
{
    /// <summary>Runs it; what it makes is in no dispose scope of ours, and dies when nothing refers to it any more.</summary>
    public static T Run<T>(Func<T> action)
    {
        using var scope = NewDisposeScope();
        try
        {
            var result = action();
            using var probe = empty(0);
            return scope.Contains(probe)
                ? result
                : throw new RunException("it leaves a dispose scope open, in which all that is made later lies")
                {
                    Evidence = Evidence.Undecided,
                };
        }
        finally
        {
            scope.Detach(scope.DisposablesView);
        }
    }
}
