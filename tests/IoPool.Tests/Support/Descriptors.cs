using System.Globalization;

namespace IoPool.Tests.Support;

/// <summary>The descriptors of this process, by the kernel's account.</summary>
public static class Descriptors
{
    private const int CloseOnExec = 0x80000;

    public static HashSet<int> Open()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Descriptors are counted in /proc.");
        // The listing's own descriptor is gone when it is looked up afterwards.
        return [.. from name in Directory.GetFiles("/proc/self/fd").Select(Path.GetFileName)
                   let descriptor = int.Parse(name!, CultureInfo.InvariantCulture)
                   where File.Exists($"/proc/self/fdinfo/{descriptor}")
                   select descriptor];
    }

    public static bool IsCloseOnExec(int descriptor)
    {
        string flags = File.ReadLines($"/proc/self/fdinfo/{descriptor}").Single(line => line.StartsWith("flags:", StringComparison.Ordinal));
        return (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & CloseOnExec) != 0;
    }
}
