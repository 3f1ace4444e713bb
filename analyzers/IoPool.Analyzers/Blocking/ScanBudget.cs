using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Blocking;

/// <summary>
/// What one root may still spend on the helpers that it calls, which of them are being looked at, and what is known of
/// helpers that lead back to those: a helper that leads to itself adds nothing, and what was cut short is not remembered
/// as an answer.
/// </summary>
internal sealed class ScanBudget(CancellationToken cancellation)
{
    private const int MaxHelpers = 1_000;

    // One bit of a set each, and one for the caps.
    private const int MaxDepth = 40;
    private const ulong Capped = 1UL << MaxDepth;

    private readonly List<Answer> _inProgress = [];

    // As found so far, in the order in which they were: harmless, if those are that they lead back to.
    private readonly List<Answer> _open = [];
    private readonly Dictionary<ISymbol, Answer> _openByHelper = new(SymbolEqualityComparer.Default);
    private int _helperCount;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>How often a cap has been met: what was asked meanwhile is not known.</summary>
    public int CapCount { get; private set; }

    /// <summary>Whether a helper has an answer already, as long as what it leads back to is in progress.</summary>
    public bool TryFind(ISymbol helper, out BlockingChain? chain)
    {
        if (!_openByHelper.TryGetValue(helper, out var answer))
        {
            chain = null;
            return false;
        }

        Cut(answer.Cuts);
        chain = answer.Chain;
        return true;
    }

    /// <summary>False when the helper is in progress already, or too much has been spent: nothing is known of it then.</summary>
    public bool TryEnter(ISymbol helper)
    {
        for (var i = 0; i < _inProgress.Count; i++)
        {
            if (SymbolEqualityComparer.Default.Equals(_inProgress[i].Helper, helper))
            {
                Cut(1UL << i);
                return false;
            }
        }

        if (_helperCount >= MaxHelpers || _inProgress.Count >= MaxDepth)
        {
            Cut(Capped);
            return false;
        }

        _helperCount++;
        _inProgress.Add(new Answer(helper, _open.Count));
        return true;
    }

    /// <summary>
    /// Ends the look at a helper, and remembers its answer where that is whole. Helpers that lead to each other are
    /// harmless together: they are remembered with the first of them.
    /// </summary>
    /// <param name="known">Where its answer is remembered.</param>
    /// <param name="chain">The answer.</param>
    public void Exit(ConcurrentDictionary<ISymbol, BlockingChain?> known, BlockingChain? chain)
    {
        var answer = Leave();
        var self = 1UL << _inProgress.Count;
        answer.Cuts &= ~self;
        answer.Chain = chain;
        answer.Known = known;
        // They took it for harmless.
        if (chain is not null)
            Forget(answer.FirstOpen);
        for (var i = answer.FirstOpen; i < _open.Count; i++)
        {
            if ((_open[i].Cuts & self) != 0)
                _open[i].Cuts = (_open[i].Cuts & ~self) | answer.Cuts;
        }

        if (answer.Cuts != 0)
        {
            Cut(answer.Cuts);
            _open.Add(answer);
            _openByHelper[answer.Helper] = answer;
            return;
        }

        known.TryAdd(answer.Helper, chain);
        for (var i = answer.FirstOpen; i < _open.Count; i++)
            _open[i].Known!.TryAdd(_open[i].Helper, _open[i].Chain);
        Forget(answer.FirstOpen);
    }

    /// <summary>Ends the look at a helper without an answer.</summary>
    public void Abandon() => Forget(Leave().FirstOpen);

    private Answer Leave()
    {
        var answer = _inProgress[_inProgress.Count - 1];
        _inProgress.RemoveAt(_inProgress.Count - 1);
        return answer;
    }

    private void Forget(int first)
    {
        for (var i = first; i < _open.Count; i++)
            _openByHelper.Remove(_open[i].Helper);
        _open.RemoveRange(first, _open.Count - first);
    }

    private void Cut(ulong cuts)
    {
        if ((cuts & Capped) != 0)
            CapCount++;
        if (_inProgress.Count > 0)
            _inProgress[_inProgress.Count - 1].Cuts |= cuts;
    }

    /// <summary>A helper that is being looked at, or the answer as far as it is known.</summary>
    private sealed class Answer(ISymbol helper, int firstOpen)
    {
        public ISymbol Helper { get; } = helper;

        /// <summary>The first open answer that was found for its sake.</summary>
        public int FirstOpen { get; } = firstOpen;

        /// <summary>The helpers in progress that it leads back to, a bit for each.</summary>
        public ulong Cuts { get; set; }

        public BlockingChain? Chain { get; set; }

        public ConcurrentDictionary<ISymbol, BlockingChain?>? Known { get; set; }
    }
}
