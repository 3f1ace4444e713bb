using System.Reflection;
using Xunit.Sdk;

namespace IoPool.Tests.Support;

/// <summary>
/// One row a driver, for a <c>[SkippableTheory]</c> whose first parameter is a <see cref="DriverKind"/>: one body runs on
/// every driver. <see cref="TestGroup.Create"/> skips, with the probe's reason, where a driver cannot run.
/// </summary>
public sealed class AllDriversAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        [[DriverKind.IoUring], [DriverKind.Epoll], [DriverKind.Portable]];
}
