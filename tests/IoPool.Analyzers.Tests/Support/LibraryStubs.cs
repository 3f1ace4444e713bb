using IoPool.Generators.Tests.Shared;
using Microsoft.CodeAnalysis;

namespace IoPool.Analyzers.Tests.Support;

/// <summary>
/// Libraries that the catalogue knows, as far as the situations call them: names and shapes of the real ones, no
/// bodies. They are metadata, as packages are for a user's project.
/// </summary>
internal static class LibraryStubs
{
    private const string Usings = """
        #nullable enable
        using System;
        using System.Collections.Generic;
        using System.Data;
        using System.Data.Common;
        using System.IO;
        using System.Linq;
        using System.Linq.Expressions;
        using System.Threading;
        using System.Threading.Tasks;


        """;

    public static PortableExecutableReference EntityFramework { get; } = Build("Microsoft.EntityFrameworkCore", """
        namespace Microsoft.EntityFrameworkCore.Infrastructure
        {
            public class DatabaseFacade
            {
                public virtual bool EnsureCreated() => throw null!;
                public virtual Task<bool> EnsureCreatedAsync(CancellationToken token = default) => throw null!;
                public virtual bool CanConnect() => throw null!;
                public virtual Task<bool> CanConnectAsync(CancellationToken token = default) => throw null!;
            }
        }

        namespace Microsoft.EntityFrameworkCore
        {
            using Microsoft.EntityFrameworkCore.Infrastructure;

            public class DbContext
            {
                public virtual DatabaseFacade Database => throw null!;
                public virtual int SaveChanges() => throw null!;
                public virtual int SaveChanges(bool acceptAllChangesOnSuccess) => throw null!;
                public virtual Task<int> SaveChangesAsync(CancellationToken token = default) => throw null!;
                public virtual object Add(object entity) => throw null!;
                public virtual ValueTask<object> AddAsync(object entity, CancellationToken token = default) =>
                    throw null!;
                public virtual void AddRange(params object[] entities) => throw null!;
                public virtual object? Find(Type entityType, params object?[]? keyValues) => throw null!;
                public virtual TEntity? Find<TEntity>(params object?[]? keyValues) where TEntity : class =>
                    throw null!;
            }

            public abstract class DbSet<TEntity> : IQueryable<TEntity> where TEntity : class
            {
                public virtual TEntity? Find(params object?[]? keyValues) => throw null!;
                public virtual ValueTask<TEntity?> FindAsync(params object?[]? keyValues) => throw null!;
                public virtual object Add(TEntity entity) => throw null!;
                public virtual void AddRange(params TEntity[] entities) => throw null!;
                public Type ElementType => throw null!;
                public Expression Expression => throw null!;
                public IQueryProvider Provider => throw null!;
                public IEnumerator<TEntity> GetEnumerator() => throw null!;
                System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => throw null!;
            }

            public interface IDbContextFactory<TContext> where TContext : DbContext
            {
                TContext CreateDbContext();
                Task<TContext> CreateDbContextAsync(CancellationToken token = default) => throw null!;
            }

            public static class EntityFrameworkQueryableExtensions
            {
                public static Task<List<T>> ToListAsync<T>(
                    this IQueryable<T> source, CancellationToken token = default) => throw null!;
                public static Task<T> FirstAsync<T>(this IQueryable<T> source, CancellationToken token = default) =>
                    throw null!;
                public static IAsyncEnumerable<T> AsAsyncEnumerable<T>(this IQueryable<T> source) => throw null!;
                public static IQueryable<T> AsNoTracking<T>(this IQueryable<T> source) => throw null!;
                public static void Load<T>(this IQueryable<T> source) => throw null!;
                public static Task LoadAsync<T>(this IQueryable<T> source, CancellationToken token = default) =>
                    throw null!;
                public static int ExecuteDelete<T>(this IQueryable<T> source) => throw null!;
                public static Task<int> ExecuteDeleteAsync<T>(
                    this IQueryable<T> source, CancellationToken token = default) => throw null!;
            }

            public static class RelationalDatabaseFacadeExtensions
            {
                public static void Migrate(this DatabaseFacade database) => throw null!;
                public static Task MigrateAsync(this DatabaseFacade database, CancellationToken token = default) =>
                    throw null!;
            }
        }
        """);

    public static PortableExecutableReference Redis { get; } = Build("StackExchange.Redis", """
        namespace StackExchange.Redis
        {
            public enum CommandFlags { None }

            public readonly struct RedisKey
            {
                public static implicit operator RedisKey(string key) => default;
            }

            public readonly struct RedisValue
            {
                public static implicit operator RedisValue(string value) => default;
            }

            public interface IBatch
            {
                void Execute();
            }

            public interface IDatabaseAsync
            {
                Task<RedisValue> StringGetAsync(RedisKey key, CommandFlags flags = CommandFlags.None);
                Task<bool> StringSetAsync(RedisKey key, RedisValue value, CommandFlags flags = CommandFlags.None);
            }

            public interface IDatabase : IDatabaseAsync
            {
                int Database { get; }
                RedisValue StringGet(RedisKey key, CommandFlags flags = CommandFlags.None);
                bool StringSet(RedisKey key, RedisValue value, CommandFlags flags = CommandFlags.None);
                IBatch CreateBatch(object? asyncState = null);
            }

            public class ConnectionMultiplexer : IAsyncDisposable
            {
                public static ConnectionMultiplexer Connect(string configuration, TextWriter? log = null) =>
                    throw null!;
                public static Task<ConnectionMultiplexer> ConnectAsync(string configuration, TextWriter? log = null) =>
                    throw null!;
                public IDatabase GetDatabase(int db = -1, object? asyncState = null) => throw null!;
                public void Wait(Task task) => throw null!;
                public ValueTask DisposeAsync() => throw null!;
            }
        }
        """);

    public static PortableExecutableReference Mail { get; } = Build("MailKit", """
        namespace MimeKit
        {
            public class MimeMessage;
        }

        namespace MailKit
        {
            public interface IMailService
            {
                bool IsConnected { get; }
                void Connect(string host, int port, bool useSsl, CancellationToken token = default);
                Task ConnectAsync(string host, int port, bool useSsl, CancellationToken token = default);
            }

            public abstract class MailService : IMailService
            {
                public abstract bool IsConnected { get; }
                public abstract void Connect(string host, int port, bool useSsl, CancellationToken token = default);
                public abstract Task ConnectAsync(
                    string host, int port, bool useSsl, CancellationToken token = default);
            }
        }

        namespace MailKit.Net.Smtp
        {
            public class SmtpClient : MailService
            {
                public override bool IsConnected => throw null!;
                public override void Connect(string host, int port, bool useSsl, CancellationToken token = default) =>
                    throw null!;
                public override Task ConnectAsync(
                    string host, int port, bool useSsl, CancellationToken token = default) => throw null!;
                public virtual string Send(MimeKit.MimeMessage message, CancellationToken token = default) =>
                    throw null!;
                public virtual Task<string> SendAsync(
                    MimeKit.MimeMessage message, CancellationToken token = default) => throw null!;
            }
        }
        """);

    public static PortableExecutableReference Databases { get; } = Build("Databases", """
        namespace Npgsql
        {
            public abstract class NpgsqlConnection : DbConnection
            {
                public override void Open() => throw null!;
                public override Task OpenAsync(CancellationToken token) => throw null!;
                public bool Wait(int timeout) => throw null!;
                public void Wait() => throw null!;
                public Task WaitAsync(CancellationToken token = default) => throw null!;
                public void UnprepareAll() => throw null!;
                public NpgsqlBinaryImporter BeginBinaryImport(string command) => throw null!;
                public Task<NpgsqlBinaryImporter> BeginBinaryImportAsync(
                    string command, CancellationToken token = default) => throw null!;
            }

            public class NpgsqlBinaryImporter
            {
                public void StartRow() => throw null!;
                public Task StartRowAsync(CancellationToken token = default) => throw null!;
            }
        }

        namespace Dapper
        {
            public static class SqlMapper
            {
                public static IEnumerable<T> Query<T>(this IDbConnection cnn, string sql, object? param = null) =>
                    throw null!;
                public static Task<IEnumerable<T>> QueryAsync<T>(
                    this IDbConnection cnn, string sql, object? param = null) => throw null!;
                public static int Execute(this IDbConnection cnn, string sql, object? param = null) => throw null!;
                public static Task<int> ExecuteAsync(this IDbConnection cnn, string sql, object? param = null) =>
                    throw null!;
            }
        }

        namespace MongoDB.Driver
        {
            public class InsertOneOptions;

            public interface IMongoCollection<TDocument>
            {
                void InsertOne(TDocument document, InsertOneOptions? options = null, CancellationToken token = default);
                Task InsertOneAsync(
                    TDocument document, InsertOneOptions? options = null, CancellationToken token = default);
            }

            public interface IMongoDatabase
            {
                IMongoCollection<TDocument> GetCollection<TDocument>(string name);
            }
        }
        """);

    public static PortableExecutableReference Services { get; } = Build("Services", """
        namespace RabbitMQ.Client
        {
            public interface IModel
            {
                object BasicGet(string queue, bool autoAck);
                void BasicPublish(string exchange, string routingKey, byte[] body);
                object CreateBasicProperties();
            }
        }

        namespace Nito.AsyncEx
        {
            public sealed class AsyncLock
            {
                public IDisposable Lock() => throw null!;
                public Task<IDisposable> LockAsync() => throw null!;
            }
        }

        namespace Polly
        {
            public abstract class Policy
            {
                public TResult Execute<TResult>(Func<TResult> action) => throw null!;
                public Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> action) => throw null!;
            }
        }

        namespace Grpc.Core
        {
            public abstract class CallInvoker
            {
                public abstract TResponse BlockingUnaryCall<TRequest, TResponse>(string method, TRequest request);
                public abstract Task<TResponse> AsyncUnaryCall<TRequest, TResponse>(string method, TRequest request);
            }
        }

        namespace Azure.Storage.Blobs.Specialized
        {
            public class BlobBaseClient
            {
                public virtual string Name => throw null!;
                public virtual bool Exists(CancellationToken token = default) => throw null!;
                public virtual Task<bool> ExistsAsync(CancellationToken token = default) => throw null!;
            }
        }

        namespace Azure.Storage.Blobs
        {
            public class BlobClient : Specialized.BlobBaseClient
            {
                public virtual object Upload(Stream content) => throw null!;
                public virtual Task<object> UploadAsync(Stream content) => throw null!;
            }
        }

        namespace Confluent.Kafka
        {
            public interface IConsumer<TKey, TValue>
            {
                object Consume(TimeSpan timeout);
                object Consume(CancellationToken token = default);
            }

            public interface IProducer<TKey, TValue>
            {
                void Produce(string topic, TValue message);
                int Flush(TimeSpan timeout);
            }
        }

        namespace Moq
        {
            public class Mock<T>
            {
                public void Raise(Action<T> eventExpression, params object[] args) => throw null!;
                public Task RaiseAsync(Action<T> eventExpression, params object[] args) => throw null!;
            }
        }
        """);

    public static PortableExecutableReference AspNetCore { get; } = Build("Microsoft.AspNetCore", """
        namespace Microsoft.AspNetCore.Http
        {
            public interface IFormCollection;

            public abstract class HttpRequest
            {
                public abstract IFormCollection Form { get; set; }
                public abstract Stream Body { get; set; }
                public abstract Task<IFormCollection> ReadFormAsync(CancellationToken token = default);
            }

            public interface IFormFile
            {
                long Length { get; }
                void CopyTo(Stream target);
                Task CopyToAsync(Stream target, CancellationToken token = default);
            }

            public interface ISession
            {
                bool TryGetValue(string key, out byte[]? value);
            }
        }

        namespace Microsoft.Extensions.Caching.Distributed
        {
            public interface IDistributedCache
            {
                byte[]? Get(string key);
                Task<byte[]?> GetAsync(string key, CancellationToken token = default);
            }

            public class MemoryDistributedCache : IDistributedCache
            {
                public byte[]? Get(string key) => throw null!;
                public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => throw null!;
            }
        }

        namespace Microsoft.Extensions.Caching.Memory
        {
            public interface ICacheEntry;

            public interface IMemoryCache;

            public static class CacheExtensions
            {
                public static T? GetOrCreate<T>(this IMemoryCache cache, object key, Func<ICacheEntry, T> factory) =>
                    throw null!;
                public static Task<T?> GetOrCreateAsync<T>(
                    this IMemoryCache cache, object key, Func<ICacheEntry, Task<T>> factory) => throw null!;
            }
        }

        namespace Microsoft.AspNetCore.Identity
        {
            public class UserManager<TUser>
            {
                public virtual string? GetUserName(object principal) => throw null!;
                public virtual Task<string?> GetUserNameAsync(TUser user) => throw null!;
            }
        }
        """);

    private static PortableExecutableReference Build(string name, string source) =>
        RuntimeReference.Build(name, Usings + source);
}
