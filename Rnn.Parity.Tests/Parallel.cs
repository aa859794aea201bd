using NUnit.Framework;

// Fixtures run side by side. Those that read or set what libtorch has only one of (the global generator, the number of
// threads, the count of live tensors) are marked as not parallelizable and run alone, but for those that draw
// under GlobalGenerator's lock, as Parity.Of does.
[assembly: Parallelizable(ParallelScope.Fixtures)]
