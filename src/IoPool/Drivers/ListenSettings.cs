namespace IoPool.Drivers;

/// <summary>What a driver has to know to open a listening socket.</summary>
internal readonly record struct ListenSettings(
    int Backlog, bool DualMode, bool ReusePort, bool NoDelay, int? ReceiveBufferSize, int? SendBufferSize);
