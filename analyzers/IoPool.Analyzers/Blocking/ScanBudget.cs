using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking;

/// <summary>
/// What one root may still spend on the helpers that it calls, and which of them are being looked at: a helper that
/// leads to itself adds nothing, and what was cut short is not remembered as an answer.
/// </summary>
internal sealed class ScanBudget(CancellationToken cancellation)
{
    private const int MaxHelpers = 1_000;
    private const int MaxDepth = 40;
    private const int NothingCut = int.MaxValue;

    private readonly List<ISymbol> _inProgress = [];
    private int _helperCount;
    private int _lowestCut = NothingCut;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>False when the helper is in progress already, or too much has been spent: nothing is known of it then.</summary>
    public bool TryEnter(ISymbol helper)
    {
        for (var i = 0; i < _inProgress.Count; i++)
        {
            if (SymbolEqualityComparer.Default.Equals(_inProgress[i], helper))
            {
                _lowestCut = System.Math.Min(_lowestCut, i);
                return false;
            }
        }

        if (_helperCount >= MaxHelpers || _inProgress.Count >= MaxDepth)
        {
            _lowestCut = -1;
            return false;
        }

        _helperCount++;
        _inProgress.Add(helper);
        return true;
    }

    /// <summary>Whether the answer is whole, so that it may be remembered for others.</summary>
    public bool Exit()
    {
        var index = _inProgress.Count - 1;
        _inProgress.RemoveAt(index);
        var isWhole = _lowestCut >= index;
        if (_lowestCut == index)
            _lowestCut = NothingCut;
        return isWhole;
    }
}
