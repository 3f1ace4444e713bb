namespace IoPool.Drivers;

/// <summary>The system does not let a driver run. The message says why, and what to do about it.</summary>
internal sealed class DriverUnavailableException(string reason) : Exception(reason);
