using NUnit.Framework;

// Fixtures run side by side. Those that read or set what libtorch has only one of (the global generator, the number of
// threads, the count of live tensors) are marked as not parallelizable and run alone.
[assembly: Parallelizable(ParallelScope.Fixtures)]
